"""deploy/nginx.conf in a real nginx: what it passes on, files and limits."""

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

from core.publishing import move
from core.workflow import Action
from documents.verify import LIMIT, TOO_LARGE
from tests.deploy.site import BEACON, NAME, NGINX, PUBLIC, hits
from tests.factories import (
    attached,
    make_document_draft,
    make_photo,
    make_site,
)


def test_pages_come_encrypted_compressed_and_conditionally(site):
    make_site(name="Đảng bộ Khối")
    first = site.ask("/", Accept_Encoding="gzip, br")
    assert first.status == 200
    assert first.headers["Content-Encoding"] == "gzip"
    assert first.headers["Server"] == "nginx"
    assert "max-age" in first.headers["Strict-Transport-Security"]
    assert "Đảng bộ Khối" in first.text
    plain = site.ask("/")
    assert plain.headers["Content-Encoding"] is None
    assert plain.text == first.text
    assert site.ask("/", If_None_Match=first.headers["ETag"]).status == 304
    for host in ("www.evil.example", "127.0.0.1"):
        away = site.ask("/van-ban/?q=a", Host=host)
        assert (away.status, away.headers["Location"]) == (301, f"https://{NAME}/van-ban/?q=a")


def test_unencrypted_requests_are_sent_to_the_right_address(front):
    with socket.create_connection(("127.0.0.1", front.plain_port), 10) as raw:
        raw.sendall(b"GET /tin/?a=b HTTP/1.0\r\nHost: evil.example\r\n\r\n")
        answer = raw.makefile("rb").read()
    assert b" 301 " in answer
    assert f"Location: https://{NAME}/tin/?a=b\r\n".encode() in answer


def test_the_portal_is_told_only_what_nginx_knows(front, behind):
    asked = behind()
    names = (
        "X-Forwarded-Host",
        "X-Original-URL",
        "X-Rewrite-URL",
        "Forwarded",
        "Proxy",
        "X-Forwarded-Port",
    )
    forged = {name.replace("-", "_"): "evil.example" for name in names}
    forged["Host"] = f"{NAME.upper()}:81"
    front.ask("/", X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="http", **forged)
    (got,) = asked
    assert (got["Host"], got["X-Forwarded-Proto"]) == (NAME, "https")
    assert got["X-Forwarded-For"] == "9.9.9.9, 127.0.0.1"
    assert not [name for name in names if name in got]
    assert "evil.example" not in str(got)


def test_each_download_reaches_the_counter(site):
    document = make_document_draft()
    file = attached(document)
    move(document, Action.PUBLISH)
    address = file.get_absolute_url()
    assert site.ask(address, source="127.0.0.2").status == 200
    assert site.ask(address, source="127.0.0.2", Accept_Encoding="gzip").status == 200
    part = site.ask(address, source="127.0.0.2", Range="bytes=0-9")
    assert (part.status, len(part.body)) == (206, 10)
    assert [hit.kind for hit in hits(3)] == ["download"] * 3


def test_photos_come_without_the_portal_and_originals_never(site):
    photo = make_photo()
    folder = f"/media/photos/{photo.key}"
    assert (site.var / f"media/photos/{photo.key}/original.jpg").exists()
    assert site.ask(f"{folder}/original.jpg").status == 404
    site.kill_portal()
    for path, kind in ((photo.url, "image/webp"), (photo.social_url, "image/jpeg")):
        answer = site.ask(path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for hidden in (
        f"{folder}/original.jpg",
        f"{folder}/./original.jpg",
        f"{folder}/../{photo.key}/original.jpg",
        f"{folder}/%6friginal.jpg",
        f"{folder}/",
        "/static/../media/photos/",
        "/static../media/x",
    ):
        assert site.ask(hidden).status in (400, 404, 503)


def test_hashed_static_files_are_kept_for_ever(front):
    place = front.var / "static/js"
    place.mkdir(exist_ok=True)
    for name in ("a.0123456789ab.js", "a.js"):
        (place / name).write_text("plain")
        (place / f"{name}.gz").write_bytes(b"packed")
    forever, soon = front.ask("/static/js/a.0123456789ab.js"), front.ask("/static/js/a.js")
    assert forever.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert soon.headers["Cache-Control"] == "max-age=60, public"
    assert forever.headers["Content-Type"] == "application/javascript; charset=utf-8"
    assert forever.headers["Vary"] == "Accept-Encoding"
    assert forever.body == b"plain"
    packed = front.ask("/static/js/a.js", Accept_Encoding="gzip")
    assert (packed.headers["Content-Encoding"], packed.body) == ("gzip", b"packed")


def test_an_upload_of_the_largest_size_is_taken_and_one_above_refused_in_words(site):
    name = b'Content-Disposition: form-data; name="tep"; filename="a.pdf"\r\n\r\n'
    head, end = b"--frontier\r\n" + name, b"\r\n--frontier--\r\n"
    kind = "multipart/form-data; boundary=frontier"

    def upload(size):
        body = head + bytes(size - len(head) - len(end)) + end
        return site.ask("/van-ban/kiem-tra/", "POST", body=body, Content_Type=kind)

    taken = upload(LIMIT)
    assert taken.status == 302
    assert "sha256=" in taken.headers["Location"]
    refused = upload(LIMIT + 1)
    assert refused.status == 400
    assert TOO_LARGE in refused.text


def test_an_office_behind_one_address_is_never_refused_and_a_flood_is(front, behind):
    behind(Cache_Control=PUBLIC)

    def browse(amount):
        reader = front.connect("127.0.0.2")
        statuses = []
        for number in range(amount):
            path, method = (BEACON, "POST") if number % 2 else ("/", "GET")
            reader.request(method, path)
            answer = reader.getresponse()
            answer.read()
            statuses.append(answer.status)
        reader.close()
        return set(statuses)

    with ThreadPoolExecutor(4) as people:
        assert set.union(*people.map(browse, [200] * 4)) == {200}
        assert set.union(*people.map(browse, [500] * 4)) == {200, 429}


def test_two_protocols_are_spoken_and_no_old_cipher(front):
    plain = socket.create_connection(("127.0.0.1", front.port), 10)
    front.tls.set_alpn_protocols(["h2", "http/1.1"])
    try:
        with front.tls.wrap_socket(plain, server_hostname=NAME) as secure:
            assert secure.selected_alpn_protocol() == "h2"
            assert secure.version() == "TLSv1.3"
    finally:
        front.tls.set_alpn_protocols(["http/1.1"])


def test_nginx_finds_nothing_to_warn_of(front):
    command = [NGINX, "-t", "-c", front.folder / "nginx.conf"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "[warn]" not in said.replace('the "user" directive makes sense only', "")
