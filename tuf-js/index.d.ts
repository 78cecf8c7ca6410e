export * from 'tuffet/tuf-js'
