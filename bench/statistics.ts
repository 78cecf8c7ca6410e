/** Functions of several figures. */

/** The middle one. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** One point of a curve. */
export interface Point {
  readonly size: number
  readonly cost: number
}

/** The exponent of growth: the slope of the straight line through the points, both axes log. */
export function logSlope(points: readonly Point[]): number {
  const logs = points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }))
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(logs.map((log) => log.x))
  const y = mean(logs.map((log) => log.y))
  const covariance = mean(logs.map((log) => (log.x - x) * (log.y - y)))
  return covariance / mean(logs.map((log) => (log.x - x) ** 2))
}
