// The socket: binary frames in, words out; it opens again by itself when the server comes back.
const DTYPES = { f4: Float32Array, u1: Uint8Array };

function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const about = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, kind, shape, at] of about.arrays) {
    const count = shape.reduce((a, b) => a * b, 1);
    arrays[name] = Object.assign(new DTYPES[kind](buffer, 4 + length + at, count), { shape });
  }
  return { about, arrays };
}

class Line {
  constructor(hear, opened, lost) {
    Object.assign(this, { hear, opened, lost, closed: false, tries: 0 });
    this.open();
  }
  open() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/gansmith/play`);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => { this.tries = 0; this.opened(); };
    this.socket.onmessage = (event) =>  // words in their order among the frames
      typeof event.data === "string" ? requestAnimationFrame(() => this.hear(JSON.parse(event.data), null)) : this.frame(event.data);
    this.socket.onclose = () => {
      if (this.closed) return;
      this.lost();
      if (this.tries++ < 20) this.timer = setTimeout(() => this.open(), Math.min(500 * this.tries, 4000));
    };
  }
  frame(buffer) {  // one on its way at a time: the next comes when this one is drawn
    requestAnimationFrame(() => {
      if (this.closed) return;
      const { about, arrays } = unpack(buffer);
      this.hear(about, arrays);
      this.say({ do: "ack" });
    });
  }
  say(word) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(word));
  }
  close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.socket.close();
  }
}
