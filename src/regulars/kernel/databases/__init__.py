"""What differs between the databases, and nowhere else. (The engines follow.)"""

from django.db import models
class KeyField(models.TextField):
    def __init__(self,*a,**k):
        k.setdefault("default",""); k.setdefault("blank",True)
        super().__init__(*a,**k)
def writer_lock(c): pass
def bulk_insert(connection, table, columns, rows):
    with connection.cursor() as c:
        cols=", ".join(map(connection.ops.quote_name, columns))
        c.executemany(f"INSERT INTO {connection.ops.quote_name(table)} ({cols}) VALUES ({', '.join(['%s']*len(columns))})", rows)
