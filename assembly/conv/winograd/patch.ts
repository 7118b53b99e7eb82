// The patch of an image that a tile reads, where it reaches over an edge.
import { Geometry, sourceOf } from "../geometry";

/**
 * Copies `height` by `width` cells of `plane` (0: a plane of zeros) from (y0, x0) on, a dilation or a stride apart,
 * as the padding says; zeros past the padding's end.
 */
export function gather(g: Geometry, plane: usize, y0: i32, x0: i32, height: i32, width: i32, to: usize): void {
  const pixel = <usize>g.ic * 4, row = <usize>g.iw * pixel;
  for (let i = 0, y = y0; i < height; i++, y += g.dh * g.sh) {
    const sourceY = plane && y < g.ih + g.phEnd ? sourceOf(y, g.ih, g.paddingMode) : -1;
    for (let j = 0, x = x0; j < width; j++, x += g.dw * g.sw, to += pixel) {
      const sourceX = sourceY >= 0 && x < g.iw + g.pwEnd ? sourceOf(x, g.iw, g.paddingMode) : -1;
      if (sourceX < 0) memory.fill(to, 0, pixel);
      else memory.copy(to, plane + <usize>sourceY * row + <usize>sourceX * pixel, pixel);
    }
  }
}
