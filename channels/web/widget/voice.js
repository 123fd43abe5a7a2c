// Voice input in Vietnamese, where the browser offers it; the words land in the text box, never straight in the chat.

const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;

export const voiceOffered = Boolean(Recognition);

/** `events`: text(words) while listening, ended(), failed(reason). */
export class Voice {
  constructor(events) {
    this.events = events;
    this.recognition = null;
  }

  get listening() {
    return this.recognition !== null;
  }

  toggle() {
    if (this.recognition) this.recognition.stop();
    else this.listen();
  }

  listen() {
    const recognition = new Recognition();
    recognition.lang = "vi-VN";
    recognition.interimResults = true;
    recognition.onresult = (event) => {
      this.events.text(Array.from(event.results, (result) => result[0].transcript).join(" ").trim());
    };
    recognition.onerror = (event) => {
      if (event.error !== "aborted") this.events.failed(event.error);
    };
    recognition.onend = () => {
      this.recognition = null;
      this.events.ended();
    };
    this.recognition = recognition;
    recognition.start();
  }
}
