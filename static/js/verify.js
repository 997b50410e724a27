// Computes the SHA-256 of a chosen file in the browser: the file itself never leaves the device.

const form = document.querySelector("[data-verify]")
const note = form.querySelector("[data-verify-note]")
const status = form.querySelector("[data-verify-status]")
const LIMIT = 100 * 1024 * 1024 // crypto.subtle wants the whole file in memory

function hexadecimal(buffer) {
  return [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}

async function check(file) {
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer())
    location.assign(`${form.getAttribute("action")}?sha256=${hexadecimal(digest)}`)
  } catch {
    status.textContent = "Trình duyệt không đọc được tệp này. Hãy chọn lại tệp."
  }
}

function start(event) {
  event.preventDefault()
  const file = form.elements.tep.files[0]
  if (file.size > LIMIT) {
    status.textContent = "Tệp lớn hơn 100 MB, thư viện không có tệp nào lớn như vậy."
  } else if (file.size === 0) {
    status.textContent = "Tệp vừa chọn rỗng (0 byte). Hãy chọn lại tệp."
  } else {
    status.textContent = "Đang tính mã của tệp…"
    check(file)
  }
}

// Browsers compute digests on encrypted pages only; elsewhere the form uploads the file.
if (window.crypto?.subtle) {
  note.textContent = "Mã SHA-256 được tính ngay trên máy của bạn, tệp không được gửi đi. Tối đa 100 MB."
  form.addEventListener("submit", start)
}
