// Reads the article aloud, where the browser has a Vietnamese voice of its own.

const button = document.querySelector("[data-listen]")
const speech = window.speechSynthesis
const SPOKEN = "h2, h3, h4, p, li, td, th, caption, figcaption"

function vietnameseVoice() {
  const voices = speech.getVoices().filter((voice) => /^vi\b/i.test(voice.lang))
  // A voice of another host would be sent what the reader reads.
  return voices.find((voice) => voice.localService)
}

function paragraphs() {
  const parts = [...document.querySelectorAll("[data-read]")]
  const elements = parts.flatMap((part) => {
    const inner = [...part.querySelectorAll(SPOKEN)]
    return inner.length ? inner.filter((element) => !element.querySelector(SPOKEN)) : [part]
  })
  return elements.map((element) => element.textContent.trim()).filter(Boolean)
}

function showSpeaking(speaking) {
  button.textContent = speaking ? "Dừng đọc" : "Nghe bài"
  button.setAttribute("aria-pressed", speaking)
}

// One utterance per paragraph: Chromium falls silent in long ones.
function speak() {
  const utterances = paragraphs().map((text) => {
    const utterance = new SpeechSynthesisUtterance(text)
    utterance.lang = "vi-VN"
    utterance.voice = vietnameseVoice()
    return utterance
  })
  utterances.at(-1).onend = () => showSpeaking(false)
  showSpeaking(true)
  utterances.forEach((utterance) => speech.speak(utterance))
}

function toggle() {
  if (button.getAttribute("aria-pressed") === "true") {
    speech.cancel()
    showSpeaking(false)
  } else {
    speech.cancel()
    speak()
  }
}

function offer() {
  button.hidden = !vietnameseVoice()
}

if (button && speech) {
  button.addEventListener("click", toggle)
  speech.addEventListener("voiceschanged", offer)
  window.addEventListener("pagehide", () => speech.cancel())
  offer()
}
