from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models import BooleanField, F, Func, Q

# documents/validity.py reckons alike.
STATUS = """
CREATE FUNCTION documents_status(document documents_document, day date) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN document.ended_on <= day AND document.ended_by = 'replaces' THEN 'bi-thay-the'
        WHEN document.ended_on <= day THEN 'het-hieu-luc'
        WHEN coalesce(document.effective_on, document.issued_on) > day THEN 'chua-hieu-luc'
        WHEN document.partly_ended_on <= day THEN 'mot-phan'
        ELSE 'con-hieu-luc'
    END
$$;
"""
NO_STATUS = "DROP FUNCTION documents_status(documents_document, date);"

# Whoever counts waits for a recount to end, and only then looks which day it is. INSERT … ON
# CONFLICT cannot carry negative numbers past the check that counts stay positive, hence two ways.
COUNT = """
CREATE FUNCTION documents_tally_add(document documents_document, about bigint, step integer)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    issue_year integer := coalesce(extract(year FROM document.issued_on), 0);
    force text;
BEGIN
    IF document.state <> 'live' THEN
        RETURN;
    END IF;
    LOCK TABLE documents_tally IN ROW EXCLUSIVE MODE;
    force := documents_status(document, coalesce(
        (SELECT day FROM documents_tallyday),
        (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date
    ));
    IF step > 0 THEN
        INSERT INTO documents_tally AS tally
            (field, internal, type, issuer, year, status, documents)
        VALUES (about, document.visibility = 'internal', document.type_id, document.issuer_id,
            issue_year, force, step)
        ON CONFLICT (field, internal, type, issuer, year, status)
            DO UPDATE SET documents = tally.documents + step;
    ELSE
        UPDATE documents_tally AS tally SET documents = tally.documents + step
        WHERE tally.field = about
            AND tally.internal = (document.visibility = 'internal')
            AND tally.type = document.type_id
            AND tally.issuer = document.issuer_id
            AND tally.year = issue_year
            AND tally.status = force;
    END IF;
END $$;

CREATE FUNCTION documents_tally_all(document documents_document, step integer)
RETURNS void LANGUAGE sql AS $$
    SELECT documents_tally_add(document, about, step) FROM (
        SELECT 0 AS about
        UNION ALL
        SELECT field_id FROM documents_document_fields WHERE document_id = document.id
        ORDER BY about
    ) AS rows
$$;

CREATE FUNCTION documents_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM documents_tally_all(OLD, -1);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM documents_tally_all(NEW, 1);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_added AFTER INSERT OR DELETE ON documents_document
    FOR EACH ROW EXECUTE FUNCTION documents_count();
CREATE TRIGGER count_changed AFTER UPDATE ON documents_document FOR EACH ROW
    WHEN ((OLD.state, OLD.visibility, OLD.type_id, OLD.issuer_id, OLD.issued_on, OLD.effective_on,
            OLD.ended_on, OLD.ended_by, OLD.partly_ended_on)
        IS DISTINCT FROM (NEW.state, NEW.visibility, NEW.type_id, NEW.issuer_id, NEW.issued_on,
            NEW.effective_on, NEW.ended_on, NEW.ended_by, NEW.partly_ended_on))
    EXECUTE FUNCTION documents_count();

CREATE FUNCTION documents_count_fields() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM documents_tally_add(document, OLD.field_id, -1)
        FROM documents_document AS document WHERE id = OLD.document_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM documents_tally_add(document, NEW.field_id, 1)
        FROM documents_document AS document WHERE id = NEW.document_id;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_fields AFTER INSERT OR UPDATE OR DELETE ON documents_document_fields
    FOR EACH ROW EXECUTE FUNCTION documents_count_fields();
"""
NO_COUNT = """
DROP TRIGGER count_fields ON documents_document_fields;
DROP FUNCTION documents_count_fields();
DROP TRIGGER count_changed ON documents_document;
DROP TRIGGER count_added ON documents_document;
DROP FUNCTION documents_count();
DROP FUNCTION documents_tally_all(documents_document, integer);
DROP FUNCTION documents_tally_add(documents_document, bigint, integer);
"""

# DELETE rather than TRUNCATE: who reads meanwhile sees the old counts.
RECOUNT = """
CREATE FUNCTION documents_recount(today date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    LOCK TABLE documents_tally IN EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM documents_tallyday WHERE day = today) THEN
        RETURN;
    END IF;
    DELETE FROM documents_tallyday;
    INSERT INTO documents_tallyday (day) VALUES (today);
    DELETE FROM documents_tally;
    INSERT INTO documents_tally (field, internal, type, issuer, year, status, documents)
    SELECT about, visibility = 'internal', type_id, issuer_id,
        coalesce(extract(year FROM issued_on), 0), documents_status(document, today), count(*)
    FROM documents_document AS document
    JOIN (
        SELECT id AS document_id, 0 AS about FROM documents_document
        UNION ALL
        SELECT document_id, field_id FROM documents_document_fields
    ) AS topic ON topic.document_id = document.id
    WHERE state = 'live'
    GROUP BY 1, 2, 3, 4, 5, 6;
END $$;

SELECT documents_recount((now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date);
"""
NO_RECOUNT = "DROP FUNCTION documents_recount(date);"

# Always true; its cost stands for the unpacking of `words` (documents/search.py).
UNPACKED = """
CREATE FUNCTION documents_unpacked(words tsvector) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE COST 400 AS $$ BEGIN RETURN true; END $$;
"""
NOT_UNPACKED = "DROP FUNCTION documents_unpacked(tsvector);"


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_groups")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("internal", models.BooleanField(verbose_name="lưu hành nội bộ")),
                ("type", models.BigIntegerField(verbose_name="loại văn bản")),
                ("issuer", models.BigIntegerField(verbose_name="cơ quan ban hành")),
                (
                    "year",
                    models.SmallIntegerField(help_text="0: không rõ.", verbose_name="năm ban hành"),
                ),
                ("status", models.CharField(max_length=13, verbose_name="hiệu lực")),
                (
                    "field",
                    models.BigIntegerField(help_text="0: mọi lĩnh vực.", verbose_name="lĩnh vực"),
                ),
                ("documents", models.PositiveIntegerField(verbose_name="số văn bản")),
            ],
            options={
                "verbose_name": "số văn bản",
                "verbose_name_plural": "số văn bản",
                "constraints": (
                    models.UniqueConstraint(
                        fields=("field", "internal", "type", "issuer", "year", "status"),
                        include=("documents",),
                        name="tally_unique",
                    ),
                ),
            },
        ),
        migrations.CreateModel(
            name="TallyDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(verbose_name="ngày")),
            ],
            options={
                "verbose_name": "ngày của số văn bản",
                "verbose_name_plural": "ngày của số văn bản",
            },
        ),
        migrations.RemoveIndex(model_name="document", name="document_newest"),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                F("issued_on").desc(nulls_last=True),
                F("id").desc(),
                name="document_newest",
                condition=Q(state="live"),
                include=(
                    "visibility",
                    "type",
                    "issuer",
                    "effective_on",
                    "ended_on",
                    "ended_by",
                    "partly_ended_on",
                ),
            ),
        ),
        migrations.RunSQL(STATUS, NO_STATUS),
        migrations.RunSQL(COUNT, NO_COUNT),
        migrations.RunSQL(RECOUNT, NO_RECOUNT),
        migrations.RunSQL(UNPACKED, NOT_UNPACKED),
        migrations.RemoveIndex(model_name="document", name="document_words"),
        migrations.AddIndex(
            model_name="document",
            index=GinIndex(
                fields=["words"],
                name="document_words",
                condition=Q(
                    Func(F("words"), function="documents_unpacked", output_field=BooleanField())
                ),
            ),
        ),
    ]
