"""Twins are found by the columns of their tables, and by the moment at which a version stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_search_keys"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="addresspast",
            name="address_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="attachmentpast",
            name="attachment_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="bankaccountpast",
            name="bankaccount_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="contactpointpast",
            name="contactpoint_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="customvaluepast",
            name="customvalue_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="employmentpast",
            name="employment_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="householdmemberpast",
            name="householdmember_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="identitynumberpast",
            name="identitynumber_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="lookpast",
            name="look_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="notepast",
            name="note_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="referencepast",
            name="reference_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="relationpast",
            name="relation_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="socialhandlepast",
            name="socialhandle_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="standingpast",
            name="standing_past_customer",
        ),
        migrations.RemoveIndex(
            model_name="tagpast",
            name="tag_past_customer",
        ),
        migrations.AlterField(
            model_name="addresspast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="attachmentpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="bankaccountpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="contactpointpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="customerpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="customfieldpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="customvaluepast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="employmentpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="householdmemberpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="householdpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="identitynumberpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="lookpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="notepast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="referencepast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="relationpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="socialhandlepast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="standingpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AlterField(
            model_name="tagpast",
            name="until",
            field=models.BigIntegerField(),
        ),
        migrations.AddIndex(
            model_name="addresspast",
            index=models.Index(fields=["until", "link"], name="address_past_until"),
        ),
        migrations.AddIndex(
            model_name="addresspast",
            index=models.Index(fields=["customer_id", "until", "link"], name="address_past_customer"),
        ),
        migrations.AddIndex(
            model_name="addresspast",
            index=models.Index(fields=["city_fold", "until", "link", "customer_id"], name="address_city_past"),
        ),
        migrations.AddIndex(
            model_name="addresspast",
            index=models.Index(fields=["postcode_fold", "until", "link", "customer_id"], name="address_postcode_past"),
        ),
        migrations.AddIndex(
            model_name="attachmentpast",
            index=models.Index(fields=["until", "link"], name="attachment_past_until"),
        ),
        migrations.AddIndex(
            model_name="attachmentpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="attachment_past_customer"),
        ),
        migrations.AddIndex(
            model_name="bankaccountpast",
            index=models.Index(fields=["until", "link"], name="bankaccount_past_until"),
        ),
        migrations.AddIndex(
            model_name="bankaccountpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="bankaccount_past_customer"),
        ),
        migrations.AddIndex(
            model_name="bankaccountpast",
            index=models.Index(fields=["blind", "until", "link", "customer_id"], name="bank_blind_past"),
        ),
        migrations.AddIndex(
            model_name="contactpointpast",
            index=models.Index(fields=["until", "link"], name="contactpoint_past_until"),
        ),
        migrations.AddIndex(
            model_name="contactpointpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="contactpoint_past_customer"),
        ),
        migrations.AddIndex(
            model_name="contactpointpast",
            index=models.Index(fields=["key", "kind", "until", "link", "customer_id"], name="contactpoint_key_past"),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(fields=["until", "link"], name="customer_past_until"),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(fields=["number", "until", "link"], name="customer_past_customer"),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(fields=["sort_key", "number", "until", "link"], name="customer_sort_past"),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(
                fields=["family_fold", "given_fold", "until", "link", "number"], name="customer_family_past"
            ),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(
                fields=["given_fold", "family_fold", "until", "link", "number"], name="customer_given_past"
            ),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(fields=["organisation_fold", "until", "link", "number"], name="customer_org_past"),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(
                condition=models.Q(("middle_name__gt", "")),
                fields=["middle_name", "until", "link", "number"],
                name="customer_middle_past",
            ),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(
                condition=models.Q(("called_name__gt", "")),
                fields=["called_name", "until", "link", "number"],
                name="customer_called_past",
            ),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(
                condition=models.Q(("referred_by_id__isnull", False)),
                fields=["referred_by_id", "until", "link", "number"],
                name="customer_referred_past",
            ),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(
                condition=models.Q(("tell_by__isnull", False)),
                fields=["tell_by", "until", "link", "number"],
                name="customer_tell_by_past",
            ),
        ),
        migrations.AddIndex(
            model_name="customerpast",
            index=models.Index(
                condition=models.Q(("merged_into_id__isnull", False)),
                fields=["merged_into_id", "until", "link", "number"],
                name="customer_merged_past",
            ),
        ),
        migrations.AddIndex(
            model_name="customfieldpast",
            index=models.Index(fields=["until", "link"], name="customfield_past_until"),
        ),
        migrations.AddIndex(
            model_name="customvaluepast",
            index=models.Index(fields=["until", "link"], name="customvalue_past_until"),
        ),
        migrations.AddIndex(
            model_name="customvaluepast",
            index=models.Index(fields=["customer_id", "until", "link"], name="customvalue_past_customer"),
        ),
        migrations.AddIndex(
            model_name="customvaluepast",
            index=models.Index(fields=["field_id", "key", "until", "link", "customer_id"], name="customvalue_key_past"),
        ),
        migrations.AddIndex(
            model_name="customvaluepast",
            index=models.Index(
                condition=models.Q(("number__isnull", False)),
                fields=["field_id", "number", "until", "link", "customer_id"],
                name="customvalue_number_past",
            ),
        ),
        migrations.AddIndex(
            model_name="customvaluepast",
            index=models.Index(
                condition=models.Q(("day__isnull", False)),
                fields=["field_id", "day", "until", "link", "customer_id"],
                name="customvalue_day_past",
            ),
        ),
        migrations.AddIndex(
            model_name="employmentpast",
            index=models.Index(fields=["until", "link"], name="employment_past_until"),
        ),
        migrations.AddIndex(
            model_name="employmentpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="employment_past_customer"),
        ),
        migrations.AddIndex(
            model_name="householdmemberpast",
            index=models.Index(fields=["until", "link"], name="householdmember_past_until"),
        ),
        migrations.AddIndex(
            model_name="householdmemberpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="householdmember_past_customer"),
        ),
        migrations.AddIndex(
            model_name="householdpast",
            index=models.Index(fields=["until", "link"], name="household_past_until"),
        ),
        migrations.AddIndex(
            model_name="identitynumberpast",
            index=models.Index(fields=["until", "link"], name="identitynumber_past_until"),
        ),
        migrations.AddIndex(
            model_name="identitynumberpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="identitynumber_past_customer"),
        ),
        migrations.AddIndex(
            model_name="identitynumberpast",
            index=models.Index(fields=["blind", "until", "link", "customer_id"], name="identity_blind_past"),
        ),
        migrations.AddIndex(
            model_name="lookpast",
            index=models.Index(fields=["until", "link"], name="look_past_until"),
        ),
        migrations.AddIndex(
            model_name="lookpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="look_past_customer"),
        ),
        migrations.AddIndex(
            model_name="notepast",
            index=models.Index(fields=["until", "link"], name="note_past_until"),
        ),
        migrations.AddIndex(
            model_name="notepast",
            index=models.Index(fields=["customer_id", "until", "link"], name="note_past_customer"),
        ),
        migrations.AddIndex(
            model_name="referencepast",
            index=models.Index(fields=["until", "link"], name="reference_past_until"),
        ),
        migrations.AddIndex(
            model_name="referencepast",
            index=models.Index(fields=["customer_id", "until", "link"], name="reference_past_customer"),
        ),
        migrations.AddIndex(
            model_name="relationpast",
            index=models.Index(fields=["until", "link"], name="relation_past_until"),
        ),
        migrations.AddIndex(
            model_name="relationpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="relation_past_customer"),
        ),
        migrations.AddIndex(
            model_name="socialhandlepast",
            index=models.Index(fields=["until", "link"], name="socialhandle_past_until"),
        ),
        migrations.AddIndex(
            model_name="socialhandlepast",
            index=models.Index(fields=["customer_id", "until", "link"], name="socialhandle_past_customer"),
        ),
        migrations.AddIndex(
            model_name="standingpast",
            index=models.Index(fields=["until", "link"], name="standing_past_until"),
        ),
        migrations.AddIndex(
            model_name="standingpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="standing_past_customer"),
        ),
        migrations.AddIndex(
            model_name="standingpast",
            index=models.Index(fields=["kind", "customer_id", "until", "link"], name="standing_kind_past"),
        ),
        migrations.AddIndex(
            model_name="tagpast",
            index=models.Index(fields=["until", "link"], name="tag_past_until"),
        ),
        migrations.AddIndex(
            model_name="tagpast",
            index=models.Index(fields=["customer_id", "until", "link"], name="tag_past_customer"),
        ),
        migrations.AddIndex(
            model_name="tagpast",
            index=models.Index(fields=["key", "until", "link", "customer_id"], name="tag_key_past"),
        ),
    ]
