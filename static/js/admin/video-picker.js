// The video library in a dialog: window.portalVideoPicker.open({onPick(video)}).
// A video is {title, words, thumb, html}; the server writes the html that the editor inserts.

const { videosUrl } = document.querySelector("input[name=autosave]")?.dataset ?? {}
const OFFLINE = "Không kết nối được với máy chủ. Hãy thử lại sau ít phút."

const MARKUP = `
  <div class="picker-head">
    <h2 id="video-picker-title">Chọn video</h2>
    <button type="button" class="button" data-close>Đóng</button>
  </div>
  <form class="picker-search" role="search">
    <label for="video-picker-q">Tìm trong kho video</label>
    <input id="video-picker-q" type="search" placeholder="Tên video, có dấu hoặc không dấu">
  </form>
  <p><a target="_blank">Đưa video mới vào kho (mở thẻ mới)</a></p>
  <p class="picker-status" role="status"></p>
  <ul class="picker-grid"></ul>`

let parts = null
let onPick = null
let asked = 0

const tile = (video) => {
  const item = document.createElement("li")
  const button = document.createElement("button")
  const title = document.createElement("span")
  const words = document.createElement("small")
  button.type = "button"
  title.textContent = video.title
  words.textContent = video.words
  if (video.thumb) {
    const image = document.createElement("img")
    image.src = video.thumb
    image.alt = ""
    button.append(image)
  }
  button.append(title, words)
  button.addEventListener("click", () => {
    parts.dialog.close()
    onPick?.(video)
  })
  item.append(button)
  return item
}

const load = async () => {
  const ticket = ++asked
  parts.status.textContent = "Đang tìm…"
  try {
    const response = await fetch(`${videosUrl}?${new URLSearchParams({ q: parts.search.value })}`)
    const { videos } = await response.json()
    if (ticket !== asked) return
    parts.grid.replaceChildren(...videos.map(tile))
    parts.status.textContent = videos.length ? "" : "Không có video nào."
  } catch {
    if (ticket === asked) parts.status.textContent = OFFLINE
  }
}

const build = () => {
  const dialog = document.createElement("dialog")
  dialog.className = "picker"
  dialog.setAttribute("aria-labelledby", "video-picker-title")
  dialog.innerHTML = MARKUP
  document.body.append(dialog)
  const find = (selector) => dialog.querySelector(selector)
  parts = {
    dialog,
    search: find("#video-picker-q"),
    status: find(".picker-status"),
    grid: find(".picker-grid"),
  }
  find("a").href = videosUrl.replace(/chon\/$/, "add/")
  let timer = 0
  parts.search.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(load, 250)
  })
  find(".picker-search").addEventListener("submit", (event) => {
    event.preventDefault()
    load()
  })
  find("[data-close]").addEventListener("click", () => dialog.close())
}

window.portalVideoPicker = {
  open(options) {
    if (!parts) build()
    onPick = options.onPick
    parts.dialog.showModal()
    parts.search.focus()
    load()
  },
}
