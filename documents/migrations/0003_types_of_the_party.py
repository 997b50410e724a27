from django.db import migrations

# Quy định 66-QĐ/TW (2017) names the types. Codes are given where the Party's own practice leaves no
# doubt; an office completes the others.
TYPES = (
    ("nghi-quyet", "Nghị quyết", "NQ"),
    ("chi-thi", "Chỉ thị", "CT"),
    ("ket-luan", "Kết luận", "KL"),
    ("quyet-dinh", "Quyết định", "QĐ"),
    ("quy-dinh", "Quy định", "QĐ"),
    ("quy-che", "Quy chế", "QC"),
    ("thong-tri", "Thông tri", ""),
    ("huong-dan", "Hướng dẫn", "HD"),
    ("chuong-trinh", "Chương trình", ""),
    ("ke-hoach", "Kế hoạch", "KH"),
    ("de-an", "Đề án", ""),
    ("bao-cao", "Báo cáo", "BC"),
    ("to-trinh", "Tờ trình", ""),
    ("thong-bao", "Thông báo", "TB"),
    ("cong-van", "Công văn", "CV"),
    ("bien-ban", "Biên bản", ""),
    ("thong-cao", "Thông cáo", ""),
    ("tuyen-bo", "Tuyên bố", ""),
    ("loi-keu-goi", "Lời kêu gọi", ""),
)


def add_types(apps, schema_editor):
    document_type = apps.get_model("documents", "DocumentType")
    for order, (slug, name, code) in enumerate(TYPES):
        values = {"name": name, "code": code, "order": order}
        document_type.objects.get_or_create(slug=slug, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_rules_kept_by_the_database")]

    operations = [migrations.RunPython(add_types, migrations.RunPython.noop)]
