// The photo library in a dialog: window.portalPhotoPicker.open({onPick(photo)}), or
// open({onPickMany(photos)}) for several in the order in which they were chosen.
// A photo is {id, url, thumb, width, height, alt, caption, credit, needs_alt}.

const { photosUrl, uploadUrl } = document.querySelector("input[name=autosave]")?.dataset ?? {}
const OFFLINE = "Không kết nối được với máy chủ. Hãy thử lại sau ít phút."

const MARKUP = `
  <div class="picker-head">
    <h2 id="picker-title">Chọn ảnh</h2>
    <button type="button" class="button default" data-take hidden></button>
    <button type="button" class="button" data-close>Đóng</button>
  </div>
  <form class="picker-search" role="search">
    <label for="picker-q">Tìm trong kho ảnh</label>
    <input id="picker-q" type="search" placeholder="Mô tả, chú thích, nguồn ảnh; có dấu hoặc không dấu">
  </form>
  <details class="picker-upload">
    <summary>Tải ảnh mới lên, hoặc kéo tệp ảnh thả vào cửa sổ này</summary>
    <form>
      <label>Tệp ảnh <input type="file" name="upload" accept="image/*" required></label>
      <label>Mô tả ảnh, cho người không nhìn thấy ảnh <input name="alt" maxlength="300"></label>
      <label class="picker-check">
        <input type="checkbox" name="decorative"> Ảnh trang trí, không cần mô tả
      </label>
      <label>Chú thích <input name="caption" maxlength="500"></label>
      <label>Nguồn ảnh <input name="credit" maxlength="200"></label>
      <button type="submit" class="button default">Tải lên và chọn</button>
      <p role="status" data-upload-status></p>
    </form>
  </details>
  <p class="picker-status" role="status"></p>
  <ul class="picker-grid"></ul>
  <p><button type="button" class="button" data-more hidden>Xem thêm ảnh</button></p>`

let parts = null
let onPick = null
let onPickMany = null
let picked = []
let next = null
let asked = 0

const say = (words, place = parts.status) => {
  place.textContent = words
}

const tell = () => {
  parts.take.hidden = !onPickMany
  parts.take.disabled = picked.length === 0
  parts.take.textContent = `Chèn ${picked.length} ảnh`
  for (const button of parts.grid.querySelectorAll("button")) {
    const chosen = picked.some(({ id }) => id === Number(button.dataset.photo))
    if (onPickMany) button.setAttribute("aria-pressed", chosen)
  }
}

const toggle = (photo) => {
  const others = picked.filter(({ id }) => id !== photo.id)
  picked = others.length < picked.length ? others : [...picked, photo]
  tell()
}

const choose = (photo) => {
  if (onPickMany) return toggle(photo)
  parts.dialog.close()
  onPick?.(photo)
}

const tile = (photo) => {
  const item = document.createElement("li")
  const button = document.createElement("button")
  const image = document.createElement("img")
  const words = document.createElement("span")
  button.type = "button"
  button.dataset.photo = photo.id
  image.src = photo.thumb
  image.alt = photo.caption ? photo.alt : ""
  image.loading = "lazy"
  words.textContent = photo.caption || photo.alt || "Chưa có chú thích"
  button.append(image, words)
  if (photo.needs_alt) {
    const missing = document.createElement("small")
    missing.textContent = "Thiếu mô tả"
    button.append(missing)
  }
  button.addEventListener("click", () => choose(photo))
  item.append(button)
  return item
}

const load = async (page) => {
  const ticket = ++asked
  const query = new URLSearchParams({ q: parts.search.value, trang: page })
  say("Đang tìm…")
  try {
    const response = await fetch(`${photosUrl}?${query}`)
    const answer = await response.json()
    if (ticket !== asked) return
    if (answer.error) return say(answer.error.message)
    if (page === 1) parts.grid.replaceChildren()
    parts.grid.append(...answer.photos.map(tile))
    tell()
    next = answer.next
    parts.more.hidden = !next
    say(parts.grid.children.length ? "" : "Không có ảnh nào. Hãy tải ảnh mới lên.")
  } catch {
    if (ticket === asked) say(OFFLINE)
  }
}

const upload = async (event) => {
  event.preventDefault()
  const send = parts.uploadForm.querySelector("button")
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? ""
  send.disabled = true
  say("Đang tải ảnh lên…", parts.uploadStatus)
  try {
    const response = await fetch(uploadUrl, {
      method: "POST",
      body: new FormData(parts.uploadForm),
      headers: { "X-CSRFToken": token },
    })
    const answer = await response.json()
    if (answer.error) return say(answer.error.message, parts.uploadStatus)
    say("", parts.uploadStatus)
    parts.uploadForm.reset()
    parts.upload.open = false
    choose(answer)
    if (onPickMany) load(1)
  } catch {
    say(OFFLINE, parts.uploadStatus)
  } finally {
    send.disabled = false
  }
}

const acceptDrop = (dialog) => {
  dialog.addEventListener("dragover", (event) => {
    event.preventDefault()
    dialog.classList.add("picker-over")
  })
  dialog.addEventListener("dragleave", () => dialog.classList.remove("picker-over"))
  dialog.addEventListener("drop", (event) => {
    event.preventDefault()
    dialog.classList.remove("picker-over")
    if (!event.dataTransfer.files.length) return
    parts.upload.open = true
    parts.uploadForm.elements.upload.files = event.dataTransfer.files
    parts.uploadForm.elements.alt.focus()
  })
}

const build = () => {
  const dialog = document.createElement("dialog")
  dialog.className = "picker"
  dialog.setAttribute("aria-labelledby", "picker-title")
  dialog.innerHTML = MARKUP
  document.body.append(dialog)
  const find = (selector) => dialog.querySelector(selector)
  parts = {
    dialog,
    search: find("#picker-q"),
    upload: find(".picker-upload"),
    uploadForm: find(".picker-upload form"),
    uploadStatus: find("[data-upload-status]"),
    status: find(".picker-status"),
    grid: find(".picker-grid"),
    more: find("[data-more]"),
    take: find("[data-take]"),
  }
  let timer = 0
  parts.search.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(load, 250, 1)
  })
  find(".picker-search").addEventListener("submit", (event) => {
    event.preventDefault()
    load(1)
  })
  parts.take.addEventListener("click", () => {
    dialog.close()
    onPickMany(picked)
  })
  find("[data-close]").addEventListener("click", () => dialog.close())
  parts.more.addEventListener("click", () => load(next))
  parts.uploadForm.addEventListener("submit", upload)
  acceptDrop(dialog)
}

window.portalPhotoPicker = {
  open(options) {
    if (!parts) build()
    ;({ onPick = null, onPickMany = null } = options)
    picked = []
    tell()
    parts.dialog.showModal()
    parts.search.focus()
    load(1)
  },
}
