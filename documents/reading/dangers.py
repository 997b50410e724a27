"""What a PDF may not contain: scripts, commands, files inside files, forms that are programs.

Every object of the file is looked at, in object streams too, whether anything refers to it or
not. qpdf writes each in one canonical form, with names decoded (`/J#61vaScript`), one space
between tokens and brackets in strings escaped; so patterns find what a viewer would find.
Ordinary links, jumps within the file and signatures are none of this (ISO 32000-2, 12.6.4).
"""

import re
from collections.abc import Iterator

import pikepdf

from documents.reading.links import is_plain_link
from documents.reading.refusal import Refusal

_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)", re.DOTALL)
_ACTIONS = b"Launch|ImportData|SubmitForm|GoToR|GoToE|Rendition|RichMediaExecute|Movie|Sound|Thread"
_ANNOTATIONS = b"FileAttachment|RichMedia|3D|Screen|Movie|Sound"
_END = rb"(?![^\s/<>\[\]()])"  # of a name
_DANGERS = {
    "script": re.compile(rb"/(?:JS|JavaScript)" + _END),
    "xfa": re.compile(rb"/XFA" + _END),
    "attachment": re.compile(
        rb"/(?:EmbeddedFiles?|Collection)" + _END + rb"|/EF (?:<<|\d)|/Subtype /FileAttachment"
    ),
    "action": re.compile(
        rb"(?:/S /(?:%b)|/Subtype /(?:%b))%b" % (_ACTIONS, _ANNOTATIONS, _END)
        # A name that is an object by itself serves to hide what kind of action refers to it.
        + rb"|\A/(?:%b|%b)\Z" % (_ACTIONS, _ANNOTATIONS)
    ),
}
_URI = re.compile(rb"/URI (\((?:\\.|[^\\()])*\)|<[0-9a-f]*>|\d+ \d+ R)", re.DOTALL)


def refuse_dangers(pdf: pikepdf.Pdf) -> None:
    """Refusal when any object of `pdf` could run, open, send or hide something."""
    for code in _canonical(pdf):
        bare = _STRING.sub(b"()", code)
        for reason, pattern in _DANGERS.items():
            if pattern.search(bare):
                raise Refusal(reason)
        for uri in _URI.findall(code):
            _refuse_odd_link(pdf, uri)


def _canonical(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    """Every object of `pdf` as qpdf writes it, of streams the dictionary."""
    yield pdf.trailer.unparse(resolved=True)
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            if "/F" in item.stream_dict:  # the data of this stream stands in another file
                raise Refusal("action")
            yield item.stream_dict.unparse(resolved=True)
        elif isinstance(item, pikepdf.Object):
            yield item.unparse(resolved=True)


def _refuse_odd_link(pdf: pikepdf.Pdf, uri: bytes) -> None:
    if uri.endswith(b"R"):
        number, generation, _ = uri.split()
        target = str(pdf.get_object(int(number), int(generation)))
    else:
        target = str(pikepdf.Object.parse(uri))
    if not is_plain_link(target):
        raise Refusal("link")
