// CKEditor's side of the photo library: insert from it, upload into it, link to nobody else's files.
;(() => {
  const REFUSED =
    "Ảnh lấy từ trang web khác hoặc từ tệp Word không được đưa vào bài. Hãy lưu ảnh thành tệp rồi " +
    "kéo vào đây, hoặc tải lên bằng nút “Ảnh từ kho”."
  const NO_LIBRARY =
    "Chưa mở được kho ảnh. Hãy tải lại trang (bài đang viết được giữ lại), hoặc kéo tệp ảnh vào đây."
  const OWN_PICTURE = /^(?:data:|blob:|(?:https?:)?(?:\/\/[^/]+)?\/media\/photos\/)/i
  const NO_VIDEOS = "Chưa mở được kho video. Hãy tải lại trang (bài đang viết được giữ lại)."

  const captionOf = ({ caption, credit }) => {
    const source = credit ? `Ảnh: ${credit}` : ""
    return [caption, source].filter(Boolean).join(". ").replace("..", ".")
  }

  const figure = (photo) => {
    const text = CKEDITOR.tools.htmlEncode(captionOf(photo))
    const attribute = CKEDITOR.tools.htmlEncodeAttr
    return (
      `<figure class="photo"><img src="${attribute(photo.url)}" alt="${attribute(photo.alt || "")}"` +
      ` width="${Number(photo.width)}" height="${Number(photo.height)}">` +
      `<figcaption>${text}</figcaption></figure>`
    )
  }

  const openLibrary = (editor) => {
    if (!window.portalPhotoPicker) {
      editor.showNotification(NO_LIBRARY, "warning")
      return
    }
    window.portalPhotoPicker.open({
      onPick: (photo) => {
        editor.focus()
        editor.insertHtml(figure(photo))
      },
    })
  }

  // Asked before a dialog opens: the cursor in a caption is lost to it.
  const galleryAt = (editor) => {
    const path = editor.elementPath()
    return path?.contains((element) => element.is("div") && element.hasClass("gallery"))
  }

  // In place of a new empty paragraph: between two widgets there is nowhere for a cursor to stand.
  const insertIn = (editor, html, place) => {
    const paragraph = new CKEDITOR.dom.element("p", editor.document)
    place(paragraph)
    const range = editor.createRange()
    range.moveToElementEditStart(paragraph)
    range.select()
    editor.insertHtml(html)
  }

  // Into the gallery where the cursor stands, else as a new one.
  const insertGallery = (editor, gallery, photos) => {
    const figures = photos.map(figure).join("")
    editor.focus()
    if (gallery) insertIn(editor, figures, (paragraph) => gallery.append(paragraph))
    else editor.insertHtml(`<div class="gallery">${figures}</div>`)
  }

  const openGallery = (editor) => {
    if (!window.portalPhotoPicker) {
      editor.showNotification(NO_LIBRARY, "warning")
      return
    }
    const gallery = galleryAt(editor)
    window.portalPhotoPicker.open({
      onPickMany: (photos) => insertGallery(editor, gallery, photos),
    })
  }

  const openVideos = (editor) => {
    if (!window.portalVideoPicker) {
      editor.showNotification(NO_VIDEOS, "warning")
      return
    }
    const gallery = galleryAt(editor)
    window.portalVideoPicker.open({
      onPick: ({ html }) => {
        editor.focus()
        if (gallery) insertIn(editor, html, (paragraph) => paragraph.insertAfter(gallery))
        else editor.insertHtml(html)
      },
    })
  }

  const renameHeadings = (content) => {
    for (const [from, to] of Object.entries({ h1: "h2", h5: "h4", h6: "h4" })) {
      for (const old of content.querySelectorAll(from)) {
        const heading = document.createElement(to)
        heading.style.textAlign = old.style.textAlign || old.align
        heading.append(...old.childNodes)
        old.replaceWith(heading)
      }
    }
  }

  const keepAlignment = (content) => {
    for (const element of content.querySelectorAll("p, h2, h3, h4, td, th")) {
      const side = element.style.textAlign || element.align
      if (["center", "right"].includes(side)) element.className = `text-${side}`
    }
  }

  const removeForeignPictures = (editor, content) => {
    const foreign = [...content.querySelectorAll("img")].filter(
      (image) => !OWN_PICTURE.test(image.getAttribute("src") || ""),
    )
    for (const image of foreign) image.remove()
    if (foreign.length > 0) editor.showNotification(REFUSED, "warning")
  }

  const tidyPaste = (editor, html) => {
    const { body } = new DOMParser().parseFromString(html, "text/html")
    renameHeadings(body)
    keepAlignment(body)
    removeForeignPictures(editor, body)
    return body.innerHTML
  }

  const sendCsrfToken = (editor) => {
    const field = editor.element.$.form?.elements.csrfmiddlewaretoken
    if (field) editor.config.fileTools_requestHeaders = { "X-CSRFToken": field.value }
  }

  const insertUploadsAsFigures = (editor) => {
    editor.widgets.registered.uploadimage.onUploaded = function ({ url, responseData }) {
      this.replaceWith(figure({ ...responseData, url }))
    }
  }

  const nameFormats = (editor) => {
    Object.assign(editor.lang.format, {
      label: "Kiểu chữ",
      tag_p: "Đoạn văn",
      tag_h2: "Đề mục lớn",
      tag_h3: "Đề mục vừa",
      tag_h4: "Đề mục nhỏ",
    })
  }

  CKEDITOR.plugins.add("portal", {
    requires: "widget,image2,uploadimage,notification",
    beforeInit: nameFormats,
    init(editor) {
      sendCsrfToken(editor)
      editor.addCommand("portalPhoto", {
        exec: openLibrary,
        async: true,
        allowedContent: "figure(!photo); figcaption; img[!src,alt,width,height]",
      })
      editor.ui.addButton("PortalPhoto", {
        label: "Ảnh từ kho",
        command: "portalPhoto",
        toolbar: "insert",
        icon: "image",
      })
      editor.addCommand("portalGallery", { exec: openGallery, async: true })
      editor.ui.addButton("PortalGallery", {
        label: "Bộ ảnh",
        command: "portalGallery",
        toolbar: "insert",
      })
      editor.addCommand("portalVideo", { exec: openVideos, async: true })
      editor.ui.addButton("PortalVideo", {
        label: "Video",
        command: "portalVideo",
        toolbar: "insert",
      })
      // Under another name: a widget brings a command of its own.
      editor.widgets.add("portalVideoFigure", {
        upcast: (element) => element.name === "figure" && element.hasClass("video"),
        editables: { caption: { selector: "figcaption", allowedContent: "strong em; a[!href]" } },
      })
      // After Word's markup was filtered (priority 3), before pictures are uploaded (priority 10).
      editor.on(
        "paste",
        (event) => {
          event.data.dataValue = tidyPaste(editor, event.data.dataValue)
        },
        null,
        null,
        8,
      )
      editor.on("pluginsLoaded", () => insertUploadsAsFigures(editor))
    },
  })
})()
