// Keeps what is typed in this browser until the server has confirmed that it is stored.
// A copy is {at, base, values}: when it was made, and how old the stored text was by then.

const marker = document.querySelector("input[name=autosave]")
const PREFIX = "portal:form:"
const MONTH = 30 * 24 * 3600 * 1000
const UNKEPT = new Set(["csrfmiddlewaretoken", "stamp", "autosave"])
const UNKEPT_TYPES = new Set(["file", "password", "hidden", "submit", "button"])
const FULL =
  "Trình duyệt hết chỗ để giữ bản tạm của bài đang viết. Hãy bấm “Lưu” thường xuyên hơn."

const editorOf = (field) => window.CKEDITOR?.instances[field.id]

const fieldsOf = (form) =>
  [...form.elements].filter(
    ({ name, type }) => name && !UNKEPT.has(name) && !UNKEPT_TYPES.has(type),
  )

// Boxes to tick may share a name: each is kept by itself.
const keyOf = ({ name, type, value }) => (type === "checkbox" ? `${name}=${value}` : name)

const valueOf = (field) => {
  if (field.type === "checkbox") return { value: field.checked }
  if (field.tagName === "SELECT") {
    return { value: field.value, text: field.selectedOptions[0]?.text || "" }
  }
  if (field.dataset.type === "ckeditortype") {
    return { value: editorOf(field)?.getData() ?? field.value }
  }
  return { value: field.value, data: { ...field.dataset } }
}

const putValue = (field, { value, text, data }) => {
  if (field.type === "checkbox") field.checked = value
  else if (editorOf(field)) editorOf(field).setData(value)
  else {
    if (field.tagName === "SELECT" && ![...field.options].some((o) => o.value === value)) {
      field.add(new Option(text, value))
    }
    field.value = value
    if (data) Object.assign(field.dataset, data)
  }
  // Django's autocomplete listens through its own jQuery only.
  if (field.tagName === "SELECT") window.django?.jQuery(field).trigger("change")
  field.dispatchEvent(new Event("change", { bubbles: true }))
}

const read = (form) => Object.fromEntries(fieldsOf(form).map((field) => [keyOf(field), valueOf(field)]))

const same = (one, other) =>
  Object.keys({ ...one, ...other }).every((name) => one[name]?.value === other[name]?.value)

const clock = (at) =>
  new Date(at).toLocaleString("vi-VN", {
    hour: "2-digit",
    minute: "2-digit",
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
  })

const newToken = () => {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) =>
    byte.toString(16).padStart(2, "0"),
  )
  return hex.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")
}

// Copies that the server has stored in the meantime are named in a cookie.
const forgetConfirmed = () => {
  const tokens = document.cookie.match(/(?:^|; )portal_saved=([^;]*)/)?.[1].match(/[0-9a-f-]{36}/g)
  for (const key of Object.keys(localStorage)) {
    if (tokens?.some((token) => key.endsWith(token))) localStorage.removeItem(key)
  }
  document.cookie = `portal_saved=; path=${marker.dataset.homeUrl}; max-age=0; samesite=lax`
}

const copies = (place) =>
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }))
    .filter(({ key, at }) => {
      if (Date.now() - at > MONTH) localStorage.removeItem(key)
      return key.startsWith(place)
    })
    .sort((one, other) => other.at - one.at)

const bar = (id, words, ...buttons) => {
  document.getElementById(id)?.remove()
  const box = document.createElement("div")
  box.id = id
  box.className = "form-bar"
  box.setAttribute("role", "status")
  const text = document.createElement("span")
  text.textContent = words
  box.append(text, ...buttons)
  marker.form.before(box)
  return box
}

const button = (words, action) => {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "button"
  made.textContent = words
  made.addEventListener("click", action)
  return made
}

const start = (form) => {
  const place = `${PREFIX}${marker.dataset.user}:${location.pathname}:`
  marker.value ||= newToken()
  const own = place + marker.value
  const base = Date.parse(marker.dataset.savedAt) || 0
  const stored = read(form)
  let timer = 0
  let leaving = false

  const keep = () => {
    clearTimeout(timer)
    timer = 0
    const values = read(form)
    if (same(values, stored)) return localStorage.removeItem(own)
    try {
      localStorage.setItem(own, JSON.stringify({ at: Date.now(), base, values }))
      document.getElementById("bar-full")?.remove()
    } catch {
      bar("bar-full", FULL)
    }
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(keep, 1000)
  }

  const restore = ({ key, values }) => {
    for (const field of fieldsOf(form)) {
      const kept = values[keyOf(field)]
      if (kept) putValue(field, kept)
    }
    if (key !== own) localStorage.removeItem(key)
    soon()
  }
  const offer = () => {
    const copy = copies(place).find(
      ({ key, at, base: from, values }) =>
        key !== own && (from === base || at > base) && !same({ ...stored, ...values }, stored),
    )
    if (!copy) return
    const box = bar(
      "bar-restore",
      `Có nội dung chưa lưu, giữ lại lúc ${clock(copy.at)}.`,
      button("Khôi phục", () => {
        restore(copy)
        box.remove()
      }),
      button("Bỏ đi", () => {
        localStorage.removeItem(copy.key)
        box.remove()
      }),
    )
  }

  const watchEditor = (editor) => {
    const name = editor.element.$.name
    // What the editor makes of the stored text is no change.
    if (stored[name]) stored[name] = { value: editor.getData() }
    editor.on("change", soon)
  }
  const editors = form.querySelectorAll("textarea[data-type=ckeditortype]")
  let waiting = editors.length
  if (!waiting) offer()
  for (const area of editors) {
    const ready = () => {
      watchEditor(editorOf(area))
      waiting -= 1
      if (!waiting) offer()
    }
    if (editorOf(area)?.status === "ready") ready()
    else {
      window.CKEDITOR?.on("instanceReady", ({ editor }) => {
        if (editor.element.$ === area) ready()
      })
    }
  }

  form.addEventListener("input", soon)
  form.addEventListener("change", soon)
  // Autocomplete boxes report through jQuery alone.
  window.django?.jQuery(form).on("change", "select", soon)
  form.addEventListener("submit", () => {
    keep()
    leaving = true
  })
  document.addEventListener("visibilitychange", () => timer && keep())
  window.addEventListener("pagehide", () => timer && keep())
  window.addEventListener("pageshow", () => {
    leaving = false
  })
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && !same(read(form), stored)) event.preventDefault()
  })
}

if (marker) {
  forgetConfirmed()
  start(marker.form)
}
