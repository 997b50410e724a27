// Many files: sent one by one, so that a slow or refused file holds up no other.

const form = document.querySelector("[data-intake]")
const input = form?.elements.files
const drop = form?.querySelector("[data-drop]")
const bar = form?.querySelector("progress")
const said = form?.querySelector("[data-progress]")
const counter = form?.querySelector("[data-unconfirmed]")
const list = document.querySelector("[data-outcomes]")
const LOST = "Không kết nối được với máy chủ. Hãy gửi lại tệp này sau ít phút."
const ENDED = "Phiên làm việc đã hết. Hãy đăng nhập ở thẻ khác rồi gửi lại tệp này."
const REFUSED = "Máy chủ không nhận tệp này. Hãy kiểm tra tệp rồi gửi lại."
const queue = []
let done = 0
let made = 0
let left = 0
let total = 0
let busy = false

const show = ({ name, result, words, document: title, url, remarks = [] }) => {
  const item = document.createElement("li")
  item.className = `outcome outcome-${result}`
  const strong = document.createElement("strong")
  strong.textContent = name
  const text = document.createElement("span")
  text.textContent = words
  item.append(strong, " ", text)
  if (url) {
    const link = document.createElement("a")
    link.href = url
    link.textContent = title
    item.append(" ", link)
  }
  if (remarks.length) {
    const all = document.createElement("ul")
    all.append(
      ...remarks.map((remark) => {
        const one = document.createElement("li")
        one.textContent = remark
        return one
      }),
    )
    item.append(all)
  }
  list.append(item)
  if (result === "refused") left += 1
  if (result !== "made") return
  made += 1
  if (counter) {
    counter.dataset.unconfirmed = Number(counter.dataset.unconfirmed) + 1
    counter.textContent = ` (${Number(counter.dataset.unconfirmed).toLocaleString("vi-VN")})`
  }
}

const send = async (file) => {
  const refused = (words) => show({ name: file.name, result: "refused", words })
  const body = new FormData(form)
  body.set("files", file)
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    })
    if (response.redirected || response.status === 403) return refused(ENDED)
    if (!response.ok) return refused(REFUSED)
    const { outcomes } = await response.json()
    outcomes.forEach(show)
  } catch {
    refused(LOST)
  }
}

const tell = () => {
  bar.max = total
  bar.value = done
  bar.hidden = done === total
  said.textContent =
    done === total
      ? `Đã xong ${total} tệp${left ? `, ${left} tệp không nhận được` : ""}.${made ? ` ${form.dataset.intake}` : ""}`
      : `Đang nhận tệp ${done + 1} trong ${total} tệp: ${queue[0]?.name ?? ""}`
}

const work = async () => {
  if (busy) return
  busy = true
  while (queue.length) {
    tell()
    await send(queue[0])
    queue.shift()
    done += 1
  }
  tell()
  busy = false
}

const add = (files) => {
  if (!form.reportValidity()) return
  if (!busy) done = made = left = total = 0
  queue.push(...files)
  total += files.length
  if (files.length) work()
}

if (form) {
  form.querySelector("[data-drop-words]").hidden = false
  form.querySelector("[data-without-script]").hidden = true
  form.addEventListener("submit", (event) => {
    event.preventDefault()
    if (!input.files.length) return input.focus()
    add([...input.files])
    input.value = ""
  })
  drop.addEventListener("dragover", (event) => {
    event.preventDefault()
    drop.classList.add("drop-over")
  })
  drop.addEventListener("dragleave", () => drop.classList.remove("drop-over"))
  drop.addEventListener("drop", (event) => {
    event.preventDefault()
    drop.classList.remove("drop-over")
    add([...event.dataTransfer.files])
  })
  window.addEventListener("beforeunload", (event) => {
    if (busy) event.preventDefault()
  })
}
