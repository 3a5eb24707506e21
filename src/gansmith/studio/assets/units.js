// Inside a network: small drawings of its hidden units; the one that is pointed at is shown in the picture.
const COLUMNS = 16, TITLE = 19;

class Units {
  constructor(canvas, root, say) {
    Object.assign(this, { canvas, root, say, player: "", shape: [0, 0, 1, 12], at: null, held: false });
    this.sheet = document.createElement("canvas");
    canvas.addEventListener("pointermove", (event) => { if (!this.held) this.point(this.under(event)); });
    canvas.addEventListener("pointerleave", () => { if (!this.held) this.point(null); });
    canvas.addEventListener("click", (event) => {
      const unit = this.under(event), same = unit && this.at && unit.join() === this.at.join();
      this.held = Boolean(unit) && !(this.held && same);
      this.point(unit);
    });
    canvas.addEventListener("keydown", (event) => this.key(event));
  }
  open(player) {
    Object.assign(this, { player, at: null, held: false, shape: [0, 0, 1, 12] });
    this.say("unit");
    this.say("inside", { player });
  }
  get cell() { return Math.floor(this.canvas.clientWidth / COLUMNS); }
  get high() { return TITLE + Math.ceil(this.shape[1] / COLUMNS) * this.cell; }
  under(event) {
    const box = this.canvas.getBoundingClientRect(), [layers, units] = this.shape, y = event.clientY - box.top;
    const layer = Math.floor(y / this.high), row = Math.floor((y - layer * this.high - TITLE) / this.cell);
    const column = Math.floor((event.clientX - box.left) / this.cell), index = row * COLUMNS + column;
    return layer < layers && row >= 0 && column < COLUMNS && index < units ? [layer, index] : null;
  }
  point(unit) {
    if (String(unit) === String(this.at)) return;
    this.at = unit;
    this.say("unit", unit ? { player: this.player, layer: unit[0], index: unit[1] } : {});
    this.draw(this.drawings);
  }
  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -COLUMNS, ArrowDown: COLUMNS }[event.key], [layers, units] = this.shape;
    if (event.key === "Escape") { this.held = false; this.point(null); }
    else if (by && layers) {
      const at = this.at ? this.at[0] * units + this.at[1] + by : 0, next = Math.max(0, Math.min(layers * units - 1, at));
      this.held = true;
      this.point([Math.floor(next / units), next % units]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
  draw(drawings) {
    if (!drawings || !this.player) return;
    Object.assign(this, { drawings, shape: drawings.shape });
    const [layers, units, rows, side] = this.shape, ratio = Math.min(window.devicePixelRatio || 1, 2), look = colours(this.root);
    this.root.dataset.units = this.shape.slice(0, 2).join("x");
    this.canvas.style.height = `${Math.max(layers * this.high, TITLE)}px`;
    const w = Math.round(this.canvas.clientWidth * ratio), h = Math.round(this.canvas.clientHeight * ratio);
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    const c = this.canvas.getContext("2d");
    c.clearRect(0, 0, w, h);
    c.fillStyle = look.ink;
    c.font = `${12 * ratio}px sans-serif`;
    if (!layers) c.fillText("There is no hidden layer.", 0, 13 * ratio);
    for (let layer = 0; layer < layers; layer++) {
      const top = layer * this.high;
      c.fillText(`hidden layer ${layer + 1}`, 0, (top + 13) * ratio);
      const size = units * rows * side, own = drawings.subarray(layer * size, (layer + 1) * size);
      if (rows > 1) this.planes(c, look, own, top, ratio); else this.lines(c, look, own, top, ratio);
    }
    if (!this.at) return;
    c.strokeStyle = look.ink;
    c.lineWidth = 2 * ratio;
    const [x, y] = this.corner(this.at[0] * this.high, this.at[1]);
    c.strokeRect(x * ratio, y * ratio, (this.cell - 1) * ratio, (this.cell - 1) * ratio);
  }
  corner(top, index) { return [(index % COLUMNS) * this.cell, top + TITLE + Math.floor(index / COLUMNS) * this.cell]; }
  planes(c, look, own, top, ratio) {
    const [, units, rows, side] = this.shape, image = new ImageData(side, rows);
    Object.assign(this.sheet, { width: side, height: rows });
    const pen = this.sheet.getContext("2d");
    for (let i = 0; i < units; i++) {
      for (let k = 0; k < rows * side; k++) {
        const v = (own[i * rows * side + k] - 128) / 127, to = v > 0 ? REAL : FAKE;
        for (let j = 0; j < 3; j++) image.data[4 * k + j] = look.paper[j] + (to[j] - look.paper[j]) * Math.abs(v) * 0.85;
        image.data[4 * k + 3] = 255;
      }
      pen.putImageData(image, 0, 0);
      const [x, y] = this.corner(top, i);
      c.drawImage(this.sheet, x * ratio, y * ratio, (this.cell - 2) * ratio, (this.cell - 2) * ratio);
    }
  }
  lines(c, look, own, top, ratio) {
    const [, units, , side] = this.shape, tall = this.cell - 3;
    for (let i = 0; i < units; i++) {
      const [x, y] = this.corner(top, i);
      c.strokeStyle = look.line;
      c.strokeRect((x + 0.5) * ratio, (y + 0.5) * ratio, tall * ratio, tall * ratio);
      c.strokeStyle = `rgb(${this.player === "generator" ? FAKE : REAL})`;
      c.lineWidth = 1.3 * ratio;
      c.beginPath();
      for (let k = 0; k < side; k++) {
        const v = (own[i * side + k] - 128) / 127;
        c[k ? "lineTo" : "moveTo"]((x + 0.5 + (tall * k) / (side - 1)) * ratio, (y + 0.5 + tall * (0.5 - 0.48 * v)) * ratio);
      }
      c.stroke();
      c.lineWidth = ratio;
    }
  }
}

function tellUnit(about, arrays) {  // in words
  const [player, layer, index] = about.unit, low = Math.min(...arrays.unit), high = Math.max(...arrays.unit);
  const what = player === "generator" ? "of each sample's noise" : "over the picture";
  return `<b>${player === "generator" ? "G" : "D"}</b>, hidden layer ${layer + 1}, unit ${index + 1}, ${what}: ${shown(low)} to ${shown(high)}`;
}
