"""Videos: what is taken in, how it is placed in a text, and how it is played."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.captions import to_webvtt
from core.footage import format_of
from core.richtext import clean_html
from core.templatetags.richtext import richtext
from core.video import Video
from tests.factories import make_photo, make_user, make_video, mp4_bytes

ADD = reverse("admin:core_video_add")
RIGHTS = ("core.add_video", "core.view_video", "core.change_video", "core.delete_video")
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + b"\0" * 80
SRT = "1\r\n00:00:01,500 --> 00:00:03,000\r\n<i>Kính thưa</i> các đồng chí\r\n"


def uploaded(content, name="phim.mp4"):
    return SimpleUploadedFile(name, content)


def placed(video):
    return f'<figure class="video"><video src="{video.url}"></video></figure>'


# What a file is


def test_mp4_and_webm_are_known_by_their_content():
    assert format_of(uploaded(mp4_bytes(), "la.txt")) == "mp4"
    assert format_of(uploaded(WEBM)) == "webm"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "0 byte"),
        (b"<script>alert(1)</script>", "không phải video"),
        (b"\x1a\x45\xdf\xa3" + b"\x42\x82\x88matroska" + b"\0" * 80, "không phải video"),
        (mp4_bytes().replace(b"ftypisom", b"ftypqt  "), "QuickTime"),
        (mp4_bytes()[:-1], "hỏng"),
        (mp4_bytes().replace(b"moov", b"free"), "hỏng"),
        (b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\1moov\0\0\0\0\0\0\0\1", "hỏng"),
        (mp4_bytes().replace(b"avc1", b"hvc1"), "kiểu nén"),
    ],
)
def test_what_browsers_would_not_play_is_refused(content, reason):
    with pytest.raises(ValidationError, match=reason):
        format_of(uploaded(content))


def test_a_video_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("core.footage.SIZE_LIMIT", 20)
    with pytest.raises(ValidationError, match="lớn hơn"):
        format_of(uploaded(mp4_bytes()))


# Captions


def test_srt_becomes_plain_webvtt():
    expected = "WEBVTT\n\n00:00:01.500 --> 00:00:03.000\nKính thưa các đồng chí\n"
    assert to_webvtt(SRT.encode("utf-16")) == to_webvtt(SRT.encode()) == expected


def test_of_webvtt_only_times_and_words_are_kept():
    given = (
        "WEBVTT - x\n\nSTYLE\n::cue { background: url(//evil.example) }\n\nNOTE bí mật\n\n"
        "ten\n01:02.003 --> 00:01:04.000 line:0\n<v Nam><c.x>Chào</c> --> <b\n\n"
    )
    expected = "WEBVTT\n\n00:01:02.003 --> 00:01:04.000\nChào → &lt;b\n"
    assert to_webvtt(given.encode()) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "không có câu"),
        ("Chữ ấ".encode("cp1258", "replace"), "không có câu"),
        (b"\xff\xe1\xba", "UTF-8"),
    ],
)
def test_what_holds_no_captions_is_refused(content, reason):
    with pytest.raises(ValidationError, match=reason):
        to_webvtt(content)


# In a text


@pytest.mark.parametrize(
    "hostile",
    [
        '<video src="https://evil.example/x.mp4"></video>',
        '<video src="javascript:alert(1)"></video>',
        '<video src="/media/videos/../../bi-mat.mp4"></video>',
        '<video src="/media/videos/0123456789abcdef0123.html"></video>',
        '<video><source src="/media/videos/0123456789abcdef0123.mp4" onerror="alert(1)"></video>',
        '<figure class="video"><iframe src="https://www.youtube.com/embed/x"></iframe></figure>',
        '<figure class="video"><img src="https://evil.example/x.png"></figure>',
        '<div class="gallery"><script>alert(1)</script><img src=x onerror=alert(1)></div>',
    ],
)
def test_nothing_foreign_is_placed_as_a_video(hostile):
    assert clean_html(hostile) == ""
    assert "<video" not in richtext(hostile)


def test_a_video_keeps_its_address_and_nothing_else():
    src = "/media/videos/0123456789abcdef0123.mp4"
    dirty = (
        f'<p>A</p><video src="http://trang.vn{src}" autoplay onplay="x()" poster="//evil.example" '
        'style="position:fixed"><p>không phát được</p></video>'
    )
    clean = f'<p>A</p>\n<figure class="video"><video src="{src}"></video></figure>'
    assert clean_html(dirty) == clean == clean_html(clean)
    captioned = clean.replace("</figure>", "<figcaption>Chú thích</figcaption></figure>")
    assert clean_html(captioned) == captioned


def test_a_link_to_another_site_is_a_picture_with_a_plain_link():
    photo = "/media/photos/0123456789abcdef0123-60x40/60.webp"
    card = (
        f'<figure class="video"><img src="{photo}" alt="x" width="60" height="40"><figcaption>'
        '<a href="https://youtu.be/x" rel="noopener noreferrer">Xem</a></figcaption></figure>'
    )
    assert clean_html(card) == card
    assert 'class="photo"' in clean_html(card.replace("<a", "<b").replace("</a", "</b"))


def test_a_gallery_holds_photos_and_lets_the_rest_out():
    photo = '<img src="/media/photos/0123456789abcdef0123-60x40/60.webp" alt="x">'
    figure = (
        '<figure class="photo"><img src="/media/photos/0123456789abcdef0123-60x40/60.webp" alt="x"'
        ' width="60" height="40"></figure>'
    )
    two = f'<div class="gallery">{figure}{figure}</div>'
    nested = f'<div class="gallery">{photo}</div>'
    given = f'<div class="gallery x" onclick="a()"><p>Chữ</p>{photo}{nested}</div>'
    assert clean_html(given) == f"{two}\n<p>Chữ</p>"
    assert clean_html(two) == two
    assert clean_html('<div class="gallery"><p>Chữ</p></div>') == "<p>Chữ</p>"
    shown = richtext(two)
    assert shown.count('<a href="/media/photos/0123456789abcdef0123-60x40/60.webp">') == 2


@pytest.mark.django_db
def test_a_player_has_poster_captions_and_words_and_loads_nothing_by_itself(
    django_assert_num_queries,
):
    video = make_video("Đại hội <3>", poster=make_photo(), transcript="Kính thưa <b>đại hội</b>")
    video.captions = to_webvtt(SRT.encode())
    video.save()
    with django_assert_num_queries(1):
        shown = richtext(placed(video))
    assert f'<video class="player" controls preload="none" src="{video.url}"' in shown
    assert f'poster="{video.poster.url}"' in shown
    assert (
        f'<track kind="captions" srclang="vi" label="Tiếng Việt" src="{video.captions_url}"'
        in shown
    )
    assert "&lt;b&gt;đại hội" in shown
    assert "Đại hội &lt;3&gt;" in shown
    with django_assert_num_queries(0):
        richtext("<p>Không video</p>")


@pytest.mark.django_db
def test_a_video_that_is_gone_leaves_its_caption():
    shown = richtext(placed(make_video(key="0" * 20)).replace("0" * 20, "1" * 20))
    assert "video src" not in shown


# Its addresses


@pytest.mark.django_db
def test_a_video_is_served_whole_or_in_part(client):
    video = make_video()
    whole = client.get(video.url)
    content = b"".join(whole.streaming_content)
    assert len(content) == video.size == int(whole["Content-Length"])
    assert (whole["Content-Type"], whole["Accept-Ranges"]) == ("video/mp4", "bytes")
    assert whole["X-Content-Type-Options"] == "nosniff"
    part = client.get(video.url, headers={"range": "bytes=4-9"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, content[4:10])
    assert part["Content-Range"] == f"bytes 4-9/{video.size}"
    beyond = client.get(video.url, headers={"range": "bytes=9999-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{video.size}")
    assert client.get(video.url, headers={"if-none-match": whole["ETag"]}).status_code == 304
    assert client.head(video.url)["Content-Length"] == str(video.size)
    assert client.post(video.url).status_code == 405
    assert client.get(video.url.replace("mp4", "webm")).status_code == 404


@pytest.mark.django_db
def test_captions_are_served_as_webvtt(client):
    video = make_video()
    assert client.get(video.captions_url).status_code == 404
    video.captions = to_webvtt(SRT.encode())
    video.save()
    answer = client.get(video.captions_url)
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer.content.decode() == video.captions


# The library


@pytest.fixture
def librarian(client):
    user = make_user(*RIGHTS)
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_a_file_with_captions_is_taken_in_and_served(client, librarian):
    content = mp4_bytes()
    sent = {
        "title": "Lễ",
        "file": uploaded(content),
        "captions_file": uploaded(SRT.encode(), "a.srt"),
    }
    assert client.post(ADD, sent).status_code == 302
    video = Video.objects.get()
    assert (video.format, video.size, video.created_by) == ("mp4", len(content), librarian)
    assert "Kính thưa các đồng chí" in video.captions
    assert b"".join(client.get(video.url).streaming_content) == content
    again = client.post(ADD, sent | {"file": uploaded(content)})
    assert "đã có trong kho với tên “Lễ”" in again.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("both", [True, False])
def test_a_file_or_a_link_never_both_or_none(client, librarian, both):
    sent = {"title": "Lễ"}
    if both:
        sent |= {"file": uploaded(mp4_bytes()), "link": "https://youtu.be/x"}
    assert "không cả hai" in client.post(ADD, sent).content.decode()
    assert not Video.objects.exists()


@pytest.mark.django_db
def test_the_editor_is_told_what_to_insert_and_the_text_keeps_it(client, librarian):
    make_video("Lễ hội")
    link = Video.objects.create(title="Kênh", link="https://www.youtube.com/x", poster=make_photo())
    answer = client.get(reverse("admin:core_video_choose"), {"q": "kenh"}).json()["videos"]
    assert [one["title"] for one in answer] == ["Kênh"]
    assert link.site == "youtube.com"
    for one in client.get(reverse("admin:core_video_choose")).json()["videos"]:
        kept = clean_html(one["html"])
        assert 'class="video"' in kept
        assert clean_html(kept) == kept
    client.force_login(make_user())
    assert client.get(reverse("admin:core_video_choose")).status_code == 403


@pytest.mark.django_db
def test_an_unused_video_is_deleted_with_its_file(
    client, librarian, django_capture_on_commit_callbacks, media_of_one_test, settings
):
    video = make_video()
    address = reverse("admin:core_video_delete", args=[video.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address, {"post": "yes"}).status_code == 302
    assert not list((settings.MEDIA_ROOT / "videos").iterdir())


@pytest.mark.django_db
def test_a_video_is_a_file_or_a_link_in_the_database_too():
    with pytest.raises(IntegrityError, match="video_is_a_file_or_a_link"), transaction.atomic():
        Video.objects.create(title="Không gì cả")
    video = make_video()
    with pytest.raises(IntegrityError, match="video_sha256_unique"), transaction.atomic():
        Video.objects.create(title="x", format="mp4", size=1, sha256=video.sha256)
