from django.db import migrations, models

# TRUNCATE passes row triggers by. A tool that empties the tables for another run says
# `SET portal.maintenance = 'on'` first, as for what it deletes (migration 0002).
FORWARD = """
CREATE FUNCTION core_kept_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portal.maintenance', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'The audit trail and the saves of texts are append-only.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'trail_not_emptied';
END $$;

CREATE TRIGGER trail_not_emptied BEFORE TRUNCATE ON core_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION core_kept_whole();
CREATE TRIGGER trail_not_emptied BEFORE TRUNCATE ON core_snapshot
    FOR EACH STATEMENT EXECUTE FUNCTION core_kept_whole();
"""

BACKWARD = """
DROP TRIGGER trail_not_emptied ON core_auditentry;
DROP TRIGGER trail_not_emptied ON core_snapshot;
DROP FUNCTION core_kept_whole();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0007_share_action")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name="auditentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("submit", "Gửi duyệt"),
                    ("recall", "Rút về"),
                    ("return", "Trả lại"),
                    ("approve", "Duyệt"),
                    ("void", "Sửa sau khi duyệt"),
                    ("publish", "Đăng"),
                    ("urgent", "Đăng khẩn"),
                    ("confirm", "Xác nhận bản đăng khẩn"),
                    ("supersede", "Thay bằng bản mới"),
                    ("withdraw", "Gỡ"),
                    ("expire", "Gỡ theo giờ hẹn"),
                    ("restore", "Đăng lại"),
                    ("create", "Lập bản nháp"),
                    ("edit", "Sửa nội dung"),
                    ("reuse", "Có nội dung được lấy lại"),
                    ("media", "Sửa ảnh, video của bài"),
                    ("hours", "Đổi giờ đăng, giờ tự gỡ"),
                    ("acknowledge", "Chấp nhận cảnh báo"),
                    ("remark", "Góp ý"),
                    ("share", "Gửi liên kết xem trước"),
                    ("correct", "Đính chính"),
                    ("attach", "Thêm tệp"),
                    ("replace", "Thay tệp"),
                    ("clear", "Xác nhận không mật"),
                    ("bin", "Bỏ vào thùng rác"),
                    ("unbin", "Lấy lại từ thùng rác"),
                    ("delete", "Xóa hẳn"),
                    ("grant", "Đổi quyền"),
                    ("unlock", "Mở khóa"),
                    ("reset_factor", "Gỡ xác thực hai bước"),
                ],
                max_length=12,
                verbose_name="việc",
            ),
        ),
    ]
