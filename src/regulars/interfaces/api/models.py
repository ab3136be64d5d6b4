from django.db import models


class KeptAnswer(models.Model):
    """What a POST with an idempotency key was answered, for two days.

    `caller` is the token, `key` the digest of the key that was sent, `asked` that of the request. The answer is
    enciphered under a key that needs the caller's own token and idempotency key: it may hold a new token's text or a
    value that was unmasked, and the database does not give them away. While `status` is None the request is at work.
    """

    caller = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    status = models.SmallIntegerField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="keptanswer_once")]

    def __str__(self) -> str:
        return self.key
