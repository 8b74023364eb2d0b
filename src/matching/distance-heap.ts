/** A binary heap of (distance, node) with the smallest distance on top; entries may be outdated. */
export interface DistanceHeap {
  keys: Float64Array;
  nodes: Int32Array;
  count: number;
}

export function createDistanceHeap(): DistanceHeap {
  return { keys: new Float64Array(256), nodes: new Int32Array(256), count: 0 };
}

export function pushDistance(heap: DistanceHeap, key: number, node: number): void {
  if (heap.count === heap.keys.length) {
    const keys = new Float64Array(2 * heap.count);
    keys.set(heap.keys);
    const nodes = new Int32Array(2 * heap.count);
    nodes.set(heap.nodes);
    heap.keys = keys;
    heap.nodes = nodes;
  }
  const { keys, nodes } = heap;
  let at = heap.count;
  heap.count += 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (keys[parent]! <= key) break;
    keys[at] = keys[parent]!;
    nodes[at] = nodes[parent]!;
    at = parent;
  }
  keys[at] = key;
  nodes[at] = node;
}

/** Removes the top; read `keys[0]` and `nodes[0]` before. */
export function popDistance(heap: DistanceHeap): void {
  const { keys, nodes } = heap;
  heap.count -= 1;
  const end = heap.count;
  const key = keys[end]!;
  const node = nodes[end]!;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= end) break;
    if (child + 1 < end && keys[child + 1]! < keys[child]!) child += 1;
    if (keys[child]! >= key) break;
    keys[at] = keys[child]!;
    nodes[at] = nodes[child]!;
    at = child;
  }
  keys[at] = key;
  nodes[at] = node;
}
