"""deploy/nginx.conf in a real nginx: what it passes on, files and limits."""

import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

from core.footage import SIZE_LIMIT
from documents.verify import LIMIT, TOO_LARGE
from tests.deploy.site import BEACON, MODULE, NAME, NGINX, PUBLIC
from tests.factories import make_photo, make_site, make_video


def test_pages_come_encrypted_compressed_and_conditionally(site):
    make_site(name="Đảng bộ Khối")
    first = site.ask("/", Accept_Encoding="gzip, deflate, br, zstd")
    assert first.status == 200
    assert first.headers["Content-Encoding"] == "br"
    assert first.headers["Server"] == "nginx"
    assert "max-age" in first.headers["Strict-Transport-Security"]
    assert "Đảng bộ Khối" in first.text
    for host in ("www.evil.example", "127.0.0.1"):
        away = site.ask("/van-ban/?q=a", Host=host)
        assert (away.status, away.headers["Location"]) == (301, f"https://{NAME}/van-ban/?q=a")


def test_two_copies_of_a_page_are_kept_however_its_coding_is_asked_for(site):
    make_site()
    etags = set()
    for asked, coding in (
        ("br", "br"),
        ("GZIP,BR;q=0.5", "br"),
        ("gzip;q=1.0, br ;q=1", "br"),
        ("gzip", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("gzip, br; q=0.000, *", "gzip"),
        ("brotli, xbr, gzip", "gzip"),
        ("identity", None),
        ("", None),
    ):
        answer = site.ask("/thong-ke/", Accept_Encoding=asked)
        assert (answer.status, answer.headers["Content-Encoding"]) == (200, coding)
        assert "</html>" in answer.text
        assert "Accept-Encoding" in answer.headers["Vary"]
        etag = answer.headers["ETag"]
        etags.add(etag.removeprefix("W/"))  # nginx unpacks
        assert site.ask("/thong-ke/", Accept_Encoding=asked, If_None_Match=etag).status == 304
    assert len(list(site.cached())) == len(etags) == 2
    # What is made for one reader is packed by Django, which knows no brotli.
    made = site.ask("/van-ban/?q=a", Accept_Encoding="br, gzip")
    assert made.headers["Content-Encoding"] == "gzip"


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


def test_videos_come_in_parts_without_the_portal(site):
    video = make_video()
    site.kill_portal()
    whole = site.ask(video.url)
    part = site.ask(video.url, Range="bytes=4-7")
    assert (whole.status, whole.headers["Content-Type"]) == (200, "video/mp4")
    assert (part.status, part.body) == (206, whole.body[4:8])
    assert whole.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"


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
        (place / f"{name}.br").write_bytes(b"tightly packed")
    forever, soon = front.ask("/static/js/a.0123456789ab.js"), front.ask("/static/js/a.js")
    assert forever.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert soon.headers["Cache-Control"] == "max-age=60, public"
    assert forever.headers["Content-Type"] == "application/javascript; charset=utf-8"
    assert forever.headers["Vary"] == "Accept-Encoding"
    assert forever.body == b"plain"
    packed = front.ask("/static/js/a.js", Accept_Encoding="gzip")
    assert (packed.headers["Content-Encoding"], packed.body) == ("gzip", b"packed")
    best = front.ask("/static/js/a.js", Accept_Encoding="gzip, br")
    tight = ("br", b"tightly packed") if MODULE.exists() else ("gzip", b"packed")
    assert (best.headers["Content-Encoding"], best.body) == tight


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


def test_long_videos_reach_the_newsroom_and_nothing_as_long_comes_from_strangers(front):
    head = f"Host: {NAME}\r\nContent-Length: {SIZE_LIMIT + 2**20}\r\nExpect: 100-continue\r\n\r\n"
    for path, answer in (("/quan-tri/", b"HTTP/1.1 100"), ("/van-ban/kiem-tra/", b"HTTP/1.1 413")):
        with closing(front.connect()) as reader:
            reader.sock.sendall(f"POST {path} HTTP/1.1\r\n{head}".encode())
            assert reader.sock.recv(4096).startswith(answer)


def test_a_hundred_readers_behind_one_address_are_never_refused_and_a_flood_is(front, behind):
    behind(Cache_Control=PUBLIC)

    def asked(reader, path, method="GET"):
        reader.request(method, path)
        answer = reader.getresponse()
        answer.read()
        return answer.status

    def browse(reader):
        return {asked(reader, *place) for place in (("/",), (BEACON, "POST")) * 3}

    def flood(reader):
        return any(asked(reader, "/") == 429 for _ in range(10_000))

    with ExitStack() as connections, ThreadPoolExecutor(4) as hands:

        def arrive(source):
            return connections.enter_context(closing(front.connect(source)))

        office = [arrive("127.0.0.2") for _ in range(100)]  # all there at once
        assert set.union(*hands.map(browse, office)) == {200}
        assert all(hands.map(flood, office[:4]))
        assert browse(arrive("127.0.0.3")) == {200}


def test_many_pages_come_over_one_connection(site):
    """HTTP/2, as curl speaks it."""
    make_site()
    paths = ("/", "/van-ban/", "/thong-ke/", "/rss/", "/nothing/here/")
    authority = f"{NAME}:{site.port}"
    said = "%{http_version} %{http_code} %{num_connects} %{url_effective}\\n"
    trust = ["--cacert", site.folder / "fullchain.pem", "--resolve", f"{authority}:127.0.0.1"]
    wanted = [word for path in paths for word in ("-o", "/dev/null", f"https://{authority}{path}")]
    command = ["curl", "-s", "--compressed", "--http2", *trust, "-w", said, *wanted]
    answers = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n")
    assert [line.split()[:3] for line in answers[:-1]] == [
        ["2", "404" if path == "/nothing/here/" else "200", "1" if path == "/" else "0"]
        for path in paths
    ]


def test_the_newest_encryption_is_spoken(front):
    plain = socket.create_connection(("127.0.0.1", front.port), 10)
    with front.tls.wrap_socket(plain, server_hostname=NAME) as secure:
        assert secure.version() == "TLSv1.3"


def test_nginx_finds_nothing_to_warn_of(front):
    command = [NGINX, "-t", "-c", front.folder / "nginx.conf"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "[warn]" not in said.replace('the "user" directive makes sense only', "")
