// Browsers start no workers from disk: there, a frame plays the worker that search runs in.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.onmessage = this.onerror = null;
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      this.ready = new Promise((done) => { this.frame.onload = done; });
      const inside = this.frame.contentWindow;
      this.heard = (event) => {
        if (event.source !== inside) return;
        const told = new MessageEvent("message", { data: event.data });
        this.dispatchEvent(told);
        if (this.onmessage) this.onmessage(told);
      };
      addEventListener("message", this.heard);
      inside.document.open();
      inside.document.write(
        "<script>postMessage = (data) => parent.postMessage(data, '*');" +
        "importScripts = (...all) => Promise.all(all.map((one) => new Promise((done, failed) => {" +
        "const s = document.createElement('script'); s.src = one; s.onload = done; s.onerror = failed;" +
        "document.body.appendChild(s); })));<\/script><body><script src='" + url + "'><\/script>");
      inside.document.close();
    }
    postMessage(data) {
      this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {
      removeEventListener("message", this.heard);
      this.frame.remove();
    }
  };
}
