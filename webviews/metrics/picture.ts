// The charts as one picture, with their lines' names: what is exported is what is seen.
import type { Palette } from './colours';

export interface PictureParts {
  readonly title: string;
  readonly charts: readonly { readonly title: string; readonly canvas: HTMLCanvasElement }[];
  readonly lines: readonly {
    readonly name: string;
    readonly colour: string;
    readonly dash: readonly number[];
  }[];
  readonly palette: Palette;
}

const pad = 12;
const rowHeight = 20;

/** A PNG in base64. */
export async function drawPicture({ title, charts, lines, palette }: PictureParts): Promise<string> {
  const ratio = devicePixelRatio;
  const width = Math.max(200, ...charts.map(({ canvas }) => canvas.width / ratio)) + 2 * pad;
  const heights = charts.map(
    (chart) => (chart.title === '' ? 0 : rowHeight) + chart.canvas.height / ratio + pad,
  );
  const height = heights.reduce((sum, one) => sum + one, 2 * pad + rowHeight * (1.5 + lines.length));
  const picture = document.createElement('canvas');
  picture.width = Math.ceil(width * ratio);
  picture.height = Math.ceil(height * ratio);
  const context = picture.getContext('2d');
  if (!context) throw new TypeError('There is no canvas to draw on.');
  context.scale(ratio, ratio);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'middle';
  const write = (text: string, left: number, top: number, isHead = false): void => {
    context.fillStyle = palette.foreground;
    context.font = `${isHead ? '600 ' : ''}${palette.fontSize}px ${palette.font}`;
    context.fillText(text, left, top, width - left - pad);
  };
  write(title, pad, pad + rowHeight / 2, true);
  let top = pad + rowHeight * 1.5;
  for (const [index, chart] of charts.entries()) {
    const head = chart.title === '' ? 0 : rowHeight;
    if (head > 0) write(chart.title, pad, top + head / 2, true);
    const { canvas } = chart;
    context.drawImage(canvas, pad, top + head, canvas.width / ratio, canvas.height / ratio);
    top += heights[index] ?? 0;
  }
  for (const { name, colour, dash } of lines) {
    const middle = top + rowHeight / 2;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(pad, middle);
    context.lineTo(pad + 24, middle);
    context.stroke();
    write(name, pad + 32, middle);
    top += rowHeight;
  }
  return toBase64(picture);
}

async function toBase64(picture: HTMLCanvasElement): Promise<string> {
  const blob = await new Promise<Blob>((resolve, reject) => {
    picture.toBlob((made) => {
      if (made) resolve(made);
      else reject(new TypeError('The picture cannot be made.'));
    }, 'image/png');
  });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
