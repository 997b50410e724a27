// Keeps what is typed, in this browser and in a slot on the server, until it is stored.
// A copy is {at, base, stamp, values}: when it was made, how old the stored text was by then, and
// which text that was. The server's, when no copy here is as new, is laid beside them (`fetched`).

const marker = document.querySelector("input[name=autosave]")
const PREFIX = "portal:form:"
const MONTH = 30 * 24 * 3600 * 1000
// Ticks that go with a button are no text.
const UNKEPT = new Set(["csrfmiddlewaretoken", "stamp", "autosave", "acknowledge", "settled"])
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

const LARGEST = 1_000_000

// The slot of this person and this form on the server; failing, the browser's copy remains.
const slot = {
  get url() {
    return marker.dataset.autosaveUrl
  },
  async read() {
    try {
      const response = await fetch(slot.url, { cache: "no-store" })
      return response.ok && !response.redirected ? await response.json() : {}
    } catch {
      return {}
    }
  },
  async write(given) {
    const body = new FormData()
    body.append("csrfmiddlewaretoken", marker.form.elements.csrfmiddlewaretoken.value)
    for (const [name, value] of Object.entries(given)) body.append(name, value)
    try {
      await fetch(slot.url, { method: "POST", body })
    } catch {
      // No network: the next change tries again.
    }
  },
}

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
  const stamp = form.elements.stamp
  const stored = read(form)
  let timer = 0
  let sending = 0
  let sent = false
  let leaving = false

  const send = (values) => {
    clearTimeout(sending)
    if (!slot.url) return
    sending = setTimeout(() => {
      const fields = JSON.stringify(values)
      if (leaving || fields.length > LARGEST) return
      if (!same(values, stored)) slot.write({ fields, stamp: stamp?.value ?? "" })
      else if (sent) slot.write({})
      sent = true
    }, 2000)
  }
  const keep = () => {
    clearTimeout(timer)
    timer = 0
    const values = read(form)
    send(values)
    if (same(values, stored)) return localStorage.removeItem(own)
    try {
      const copy = { at: Date.now(), base, stamp: stamp?.value, values }
      localStorage.setItem(own, JSON.stringify(copy))
      document.getElementById("bar-full")?.remove()
    } catch {
      bar("bar-full", FULL)
    }
  }
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(keep, 1000)
  }

  const restore = ({ key, values, stamp: opened }) => {
    // Another text may stand there by now: the server then shows both.
    if (stamp && opened) stamp.value = opened
    for (const field of fieldsOf(form)) {
      const kept = values[keyOf(field)]
      if (kept) putValue(field, kept)
    }
    if (key !== own) localStorage.removeItem(key)
    soon()
  }
  const fetchCopy = async () => {
    const copy = slot.url ? await slot.read() : {}
    const here = copies(place).filter(({ key }) => key !== own)
    if (!copy.values || same({ ...stored, ...copy.values }, stored)) return
    const known = here.filter(({ base: from, fetched }) => !fetched || from === base)
    if (known.some(({ at, values }) => at > copy.at || same(values, copy.values))) return
    localStorage.setItem(place + newToken(), JSON.stringify({ ...copy, base, fetched: true }))
  }
  const offer = async () => {
    await fetchCopy()
    const copy = copies(place).find(
      ({ key, at, base: from, values, fetched }) =>
        key !== own &&
        (from === base || (!fetched && at > base)) &&
        !same({ ...stored, ...values }, stored),
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
        if (slot.url && !sent) slot.write({})
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
