"""CKEditor as editors see it: few tools, nothing that core.richtext would throw away again.

Imported by the settings, so nothing here may need a model.
"""

from typing import Any

from django.urls import reverse_lazy
from django.utils.functional import lazy

# Files of django-ckeditor that are not published (fnmatch patterns for collectstatic). Some talk to
# other hosts (exportpdf, scayt, wsc, embed*), one has a hole (CVE-2024-43407: codesnippetgeshi),
# none is used.
UNPUBLISHED_STATIC = [
    *(
        f"ckeditor/ckeditor/plugins/{name}/*"
        for name in (
            "about adobeair ajax autoembed bbcode codesnippet codesnippetgeshi copyformatting"
            " devtools div divarea docprops embed embedbase embedsemantic exportpdf flash forms"
            " iframe iframedialog language mathjax newpage pagebreak placeholder preview print save"
            " scayt sharedspace showblocks smiley sourcedialog stylesheetparser templates uicolor"
            " wsc xml"
        ).split()
    ),
    "ckeditor/ckeditor/adapters/*",
    "ckeditor/ckeditor/samples/*",
    "ckeditor/ckeditor/bender-runner.config.json",
    "ckeditor/ckeditor/build-config.js",
    "ckeditor/ckeditor/*.md",
    "ckeditor/file-icons/*",
    # Of the 70 languages Vietnamese (and English, where a plugin has no Vietnamese) is enough.
    "ckeditor/*lang/[!ev]*.js",
    "ckeditor/*lang/e[!n]*.js",
    "ckeditor/*lang/en-*.js",
    "ckeditor/ckeditor/skins/kama/*",
    "ckeditor/ckeditor/skins/moono/*",
    "ckeditor/galleriffic/*",
]

# Pages with the editor need these beside the portal's policy: CKEditor 4 writes inline handlers and
# styles, and shows a picture from memory while it is being uploaded.
EDITOR_CSP = {
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
}

_REMOVED_PLUGINS = (
    "about,bidi,cloudservices,codesnippet,codesnippetgeshi,colorbutton,colordialog,copyformatting,"
    "dialogadvtab,div,easyimage,editorplaceholder,elementspath,embed,embedbase,embedsemantic,"
    "exportpdf,flash,font,forms,iframe,image,indentblock,language,liststyle,newpage,pagebreak,"
    "preview,print,save,scayt,showblocks,smiley,sourcearea,stylescombo,templates,wsc"
)

# What core.richtext keeps, in CKEditor's notation: whatever else is pasted goes at once, in sight.
_ALLOWED_CONTENT = (
    "p h2 h3 h4(text-center,text-right); strong em u s sub sup cite br hr blockquote ul li;"
    " ol[start,type]; a[!href,title,id]; figure(!photo);"
    " figure(!video); video[!src]; div(!gallery); figcaption; img[!src,alt,width,height];"
    " table caption thead tbody tfoot tr; td[colspan,rowspan](text-center,text-right);"
    " th[scope,colspan,rowspan](text-center,text-right);"
    # The placeholder of a picture that is being uploaded (plugin uploadwidget).
    " *[!data-widget,!data-cke-upload-id]"
)


def _static(path: str) -> str:
    from django.templatetags.static import static

    return static(path)


_static_url = lazy(_static, str)
_UPLOAD_URL = reverse_lazy("admin:core_photo_upload")

EDITOR_CONFIG: dict[str, Any] = {
    "language": "vi",
    "defaultLanguage": "vi",
    # django-ckeditor's own default is wider; these two make the toolbar below the only one.
    "toolbar": "Portal",
    "toolbar_Portal": [
        ["Format"],
        ["Bold", "Italic", "Subscript", "Superscript", "RemoveFormat"],
        ["NumberedList", "BulletedList", "Outdent", "Indent", "Blockquote"],
        ["JustifyCenter", "JustifyRight"],
        ["Link", "Unlink"],
        ["PortalPhoto", "PortalGallery", "PortalVideo", "Table", "HorizontalRule", "SpecialChar"],
        ["PasteText", "Undo", "Redo", "Find", "Maximize"],
    ],
    "format_tags": "p;h2;h3;h4",
    "justifyClasses": ["text-left", "text-center", "text-right", "text-justify"],
    "allowedContent": _ALLOWED_CONTENT,
    # Our plugin reads the alignment from pasted styles first; allowedContent then drops them.
    "pasteFilter": None,
    "extraPlugins": "autogrow,image2,uploadimage,portal",
    "external_plugin_resources": [("portal", _static_url("ckeditor-portal/plugin.js"), "")],
    "removePlugins": _REMOVED_PLUGINS,
    "contentsCss": [_static_url("ckeditor-portal/contents.css")],
    # No request for files that we do not have, and none to the makers of the editor.
    "customConfig": "",
    "stylesSet": [],
    "versionCheck": False,
    "fullPage": False,
    # Vietnamese is stored as letters, spaces as spaces.
    "entities": False,
    "fillEmptyBlocks": False,
    "disableNativeSpellChecker": False,
    "height": 420,
    "width": "100%",
    "autoGrow_onStartup": True,
    "autoGrow_minHeight": 420,
    "autoGrow_maxHeight": 900,
    "linkDefaultProtocol": "https://",
    "linkShowAdvancedTab": False,
    "linkShowTargetTab": False,
    "image2_captionedClass": "photo",
    "image2_altRequired": True,
    "image2_disableResizer": True,
    # uploadimage takes dropped and pasted pictures; the clipboard plugin would embed them.
    "clipboard_handleImages": False,
    "imageUploadUrl": _UPLOAD_URL,
    "filebrowserImageUploadUrl": _UPLOAD_URL,
}
