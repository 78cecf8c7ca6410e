/**
 * A store on Redis or Valkey, for updaters on many machines.
 *
 * @module tuffet/redis
 */

export type { IoRedisClient, NodeRedisClient, RedisClient, SendToRedis } from './connection.js'
export { redisStore, type RedisStoreOptions } from './redis-store.js'
