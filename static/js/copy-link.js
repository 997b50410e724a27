// Copies the address of the article and says so.

const button = document.querySelector("[data-copy-link]")
const status = document.querySelector("[data-tools-status]")

async function copy() {
  try {
    await navigator.clipboard.writeText(button.dataset.copyLink)
    status.textContent = "Đã chép liên kết."
    button.textContent = "Đã chép"
  } catch {
    status.textContent = "Chưa chép được. Hãy chép địa chỉ trên thanh địa chỉ của trình duyệt."
    button.textContent = "Chưa chép được"
  }
  setTimeout(() => (button.textContent = "Chép liên kết"), 3000)
}

// Browsers offer the clipboard on encrypted pages only.
if (button && navigator.clipboard) {
  button.hidden = false
  button.addEventListener("click", copy)
}
