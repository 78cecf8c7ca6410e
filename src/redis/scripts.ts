/**
 * The scripts that run in the server, which makes each of them one step. One hash holds a whole store:
 * a field for each entry, and `+bytes`, the sum of their lengths; no entry's name contains a `+`.
 */

/** KEYS: the hash. ARGV: the entry, and the most bytes of the answer. Nil for an absent entry. */
export const getScript: string = `
local value = redis.call('HGET', KEYS[1], ARGV[1])
return value and string.sub(value, 1, tonumber(ARGV[2]))
`

/** The answers of {@link changeScript}. */
export const changeAnswers: { readonly changed: 0; readonly made: 1; readonly full: 2 } = {
  changed: 0,
  made: 1,
  full: 2,
}

/**
 * KEYS: the hash. ARGV: set, drop or delete; the entry; its new bytes; the most bytes of all entries;
 * the most entries; 1 to get the history of a change that was made, else 0; then, for each expected entry: its name, its maxLength, 1 or 0 for whether it must
 * be there, its bytes. "drop" is a set that may be left out where the store is full.
 */
export const changeScript: string = `
local key, how, name, bytes = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local mostBytes, mostEntries = tonumber(ARGV[4]), tonumber(ARGV[5])
local function made()
  if ARGV[6] ~= '1' then return ${changeAnswers.made} end
  return string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
end
for i = 7, #ARGV, 4 do
  local stored = redis.call('HGET', key, ARGV[i])
  if stored and #stored > tonumber(ARGV[i + 1]) then stored = false end
  local wanted = ARGV[i + 2] == '1' and ARGV[i + 3]
  if stored ~= wanted then return ${changeAnswers.changed} end
end
local counter = redis.call('HGET', key, '+bytes')
local total = counter and tonumber(counter)
local entries = redis.call('HLEN', key) - (counter and 1 or 0)
if not (total and total >= 0 and total < 2 ^ 53 and total % 1 == 0) then
  total = 0
  for _, field in ipairs(redis.call('HKEYS', key)) do
    if field ~= '+bytes' then total = total + redis.call('HSTRLEN', key, field) end
  end
end
local there = redis.call('HEXISTS', key, name) == 1
local before = redis.call('HSTRLEN', key, name)
if how ~= 'delete' then
  local isFull = #bytes > before and total - before + #bytes > mostBytes
    or not there and entries >= mostEntries
  if not isFull then
    redis.call('HSET', key, name, bytes, '+bytes', string.format('%d', total - before + #bytes))
    return made()
  end
  if how == 'set' then return ${changeAnswers.full} end
end
if there then
  if entries == 1 then
    redis.call('DEL', key)
  else
    redis.call('HDEL', key, name)
    redis.call('HSET', key, '+bytes', string.format('%d', total - before))
  end
end
return made()
`

/**
 * KEYS: the hash, which leads to its server. The history's id, the length of the history, and how much of
 * it each replica says that it has; "replica" from a server that is not the master.
 */
export const replicasScript: string = `
local info = redis.call('INFO', 'replication')
if not string.find(info, 'role:master', 1, true) then return 'replica' end
local parts = {
  string.match(info, 'master_replid:(%x+)') or 'none',
  string.match(info, 'master_repl_offset:(%d+)') or '0',
}
for replica in string.gmatch(info, 'slave%d+:([^\\r\\n]*)') do
  if string.find(replica, 'state=online', 1, true) then
    parts[#parts + 1] = string.match(replica, 'offset=(%d+)')
  end
end
return table.concat(parts, ' ')
`
