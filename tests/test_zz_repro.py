import pytest
from regulars.areas.intake.tests.lists import in_this_process
import tests.deeds.machine as m
from tests.deeds.machine import Deeds
pytestmark = pytest.mark.django_db
def look(s,w):
    from regulars.areas.journal.models import Changeset
    c=Changeset.objects.order_by("-number").first()
    print(s.at.strftime("%H:%M"),w[:90],"->",c and (c.number,c.verb,{k:v for k,v in c.particulars.items() if k in("number","absorbed","undoes","created","updated")}),flush=True)
    old=m.apart
    def apart(a,b):
        d=old(a,b)
        if d: print("APART",d,flush=True)
        return d
    m.apart=apart
    try:
        s.what_stands_is_what_the_model_says(); s.look_back()
    finally: m.apart=old
def test_0():
    with in_this_process():
        state=Deeds()
        state.a_house_at_work(); look(state,'a_house_at_work()')
        state.bring_in(existing='', lines=[{'reference': '1', 'family_name': 'Berg', 'tag': 'VIP', 'occupation': 'Baker', 'given_name': 'Anna'}, {'reference': '1', 'given_name': 'Anna'}]); look(state,"bring_in(existing='', lines=[{'reference': '1', 'family_name': 'Berg', 'tag': 'VIP', 'occupation': 'Baker', 'given_name': 'Anna'}, {'reference': '1', 'given_name': 'Anna'}])")
        state.bring_in(existing='', lines=[{'given_name': 'Anna', 'reference': '1', 'email': 'a@x.org', 'custom.motto': 'tea', 'occupation': 'Baker', 'tag': 'VIP', 'phone': '+4930123456', 'family_name': 'Berg'}, {'reference': '3'}]); look(state,"bring_in(existing='', lines=[{'given_name': 'Anna', 'reference': '1', 'email': 'a@x.org', 'custom.motto': 'tea', 'occupation': 'Baker', 'tag': 'VIP', 'phone': '+4930123456', 'family_name': 'Berg'}, {'reference': '3'}])")
        state.merge(absorb=0, fit=5, keep=0, take={}); look(state,'merge(absorb=0, fit=5, keep=0, take={})')
        state.bring_in(existing='fill', lines=[{'reference': '1', 'given_name': 'Anna', 'tag': 'VIP', 'occupation': 'Baker'}]); look(state,"bring_in(existing='fill', lines=[{'reference': '1', 'given_name': 'Anna', 'tag': 'VIP', 'occupation': 'Baker'}])")
        state.bring_in(existing='', lines=[{'reference': '1'}, {'given_name': 'Anna', 'email': 'a@x.org', 'reference': '1'}]); look(state,"bring_in(existing='', lines=[{'reference': '1'}, {'given_name': 'Anna', 'email': 'a@x.org', 'reference': '1'}])")
        state.bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org', 'reference': '1'}]); look(state,"bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org', 'reference': '1'}])")
        state.bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}]); look(state,"bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}])")
        state.merge(absorb=0, fit=0, keep=0, take={'given_name': 'keep'}); look(state,"merge(absorb=0, fit=0, keep=0, take={'given_name': 'keep'})")
        state.bring_in(existing='skip', lines=[{'reference': '1', 'given_name': 'Berta'}, {'given_name': 'Berta', 'email': 'a@x.org'}]); look(state,"bring_in(existing='skip', lines=[{'reference': '1', 'given_name': 'Berta'}, {'given_name': 'Berta', 'email': 'a@x.org'}])")
        state.bring_in(existing='update', lines=[{'phone': '+4930654321', 'email': 'b@x.org', 'reference': '3', 'family_name': 'Berg', 'given_name': 'Anna', 'tag': 'vip'}, {'reference': '2'}]); look(state,"bring_in(existing='update', lines=[{'phone': '+4930654321', 'email': 'b@x.org', 'reference': '3', 'family_name': 'Berg', 'given_name': 'Anna', 'tag': 'vip'}, {'reference': '2'}])")
        state.mark(kind='do_not_contact', place=1, stands=False); look(state,"mark(kind='do_not_contact', place=1, stands=False)")
        state.merge(absorb=1, fit=4, keep=5, take={'given_name': 'absorb'}); look(state,"merge(absorb=1, fit=4, keep=5, take={'given_name': 'absorb'})")
        state.mark(kind='prospect', place=3, stands=False); look(state,"mark(kind='prospect', place=3, stands=False)")
        state.bring_in(existing='skip', lines=[{'reference': '1'}]); look(state,"bring_in(existing='skip', lines=[{'reference': '1'}])")
        state.bring_in(existing='update', lines=[{'email': 'a@x.org', 'family_name': 'Berg', 'given_name': 'Anna'}]); look(state,"bring_in(existing='update', lines=[{'email': 'a@x.org', 'family_name': 'Berg', 'given_name': 'Anna'}])")
        state.merge(absorb=4, fit=2, keep=4, take={'children': 'keep'}); look(state,"merge(absorb=4, fit=2, keep=4, take={'children': 'keep'})")
        state.merge(absorb=0, fit=2, keep=1, take={'occupation': 'keep'}); look(state,"merge(absorb=0, fit=2, keep=1, take={'occupation': 'keep'})")
        state.merge(absorb=5, fit=2, keep=3, take={}); look(state,'merge(absorb=5, fit=2, keep=3, take={})')
        state.unmerge(away=False, which=2); look(state,'unmerge(away=False, which=2)')
        state.forget(place=14); look(state,'forget(place=14)')
        state.unmerge(away=False, which=4); look(state,'unmerge(away=False, which=4)')
        state.unmerge(away=True, which=1); look(state,'unmerge(away=True, which=1)')
        state.unmerge(away=False, which=2); look(state,'unmerge(away=False, which=2)')
        state.unmerge(away=False, which=0); look(state,'unmerge(away=False, which=0)')
        state.answer(channel='post', place=0, yes=False); look(state,"answer(channel='post', place=0, yes=False)")
        state.mark(kind='do_not_contact', place=4, stands=True); look(state,"mark(kind='do_not_contact', place=4, stands=True)")
        state.answer(channel='post', place=0, yes=False); look(state,"answer(channel='post', place=0, yes=False)")
        state.mark(kind='do_not_contact', place=2, stands=True); look(state,"mark(kind='do_not_contact', place=2, stands=True)")
        state.mark(kind='do_not_contact', place=1, stands=True); look(state,"mark(kind='do_not_contact', place=1, stands=True)")
def test_1():
    with in_this_process():
        state=Deeds()
        state.a_house_at_work(); look(state,'a_house_at_work()')
        state.bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}, {'reference': '1', 'family_name': 'Berg', 'tag': 'VIP', 'occupation': 'Baker', 'given_name': 'Anna'}]); look(state,"bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}, {'reference': '1', 'family_name': 'Berg', 'tag': 'VIP', 'occupation': 'Baker', 'given_name': 'Anna'}])")
        state.bring_in(existing='add', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}]); look(state,"bring_in(existing='add', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}])")
        state.bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}]); look(state,"bring_in(existing='', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}])")
        state.merge(absorb=0, fit=0, keep=5, take={}); look(state,'merge(absorb=0, fit=0, keep=5, take={})')
        state.merge(absorb=0, fit=0, keep=0, take={}); look(state,'merge(absorb=0, fit=0, keep=0, take={})')
        state.bring_in(existing='fill', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}]); look(state,"bring_in(existing='fill', lines=[{'given_name': 'Anna', 'email': 'a@x.org'}])")
        state.merge(absorb=0, fit=0, keep=0, take={'given_name': 'keep'}); look(state,"merge(absorb=0, fit=0, keep=0, take={'given_name': 'keep'})")
        state.bring_in(existing='', lines=[{'given_name': 'Berta', 'email': 'a@x.org'}, {'reference': '1', 'family_name': 'Berg'}]); look(state,"bring_in(existing='', lines=[{'given_name': 'Berta', 'email': 'a@x.org'}, {'reference': '1', 'family_name': 'Berg'}])")
        state.bring_in(existing='', lines=[{'given_name': 'Berta', 'phone': '+4930123456', 'email': 'a@x.org', 'custom.motto': 'tea', 'tag': 'VIP', 'reference': '1', 'occupation': 'Baker', 'family_name': 'Berg'}, {'given_name': 'Berta', 'email': 'a@x.org', 'phone': '+4930123456'}]); look(state,"bring_in(existing='', lines=[{'given_name': 'Berta', 'phone': '+4930123456', 'email': 'a@x.org', 'custom.motto': 'tea', 'tag': 'VIP', 'reference': '1', 'occupation': 'Baker', 'family_name': 'Berg'}, {'given_name': 'Berta', 'email': 'a@x.org', 'phone': '+4930123456'}])")
