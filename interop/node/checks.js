// The checks with Neo4j's own driver, 1.7 to 6.3: `node checks.js PORT PASSWORD KEY`.
'use strict'

const package_ = require('neo4j-driver/package.json')
const whole = require('neo4j-driver')

const neo4j = whole.v1 || whole
const major = Number(package_.version.split('.')[0])
const [port, password, key] = process.argv.slice(2)
const PATIENCE_MILLIS = 60000

const int = value => neo4j.int(value)
const DAY = [2024, 2, 29]
const TIME = [23, 59, 58, 123456789]
const { Date: Day, Time, LocalTime, LocalDateTime, DateTime, Duration, Point } = neo4j.types

const VALUES = {
  null: null,
  boolean: true,
  integers: ['0', '-16', '-17', '128', '-40000', '9007199254740993', '-9223372036854775808'].map(int),
  floats: [1.5, -0.1, 1e300, Infinity],
  strings: ['', 'a\u00e5\u4e2d\ud83d\ude00', 'x'.repeat(70000)],
  bytes: Int8Array.from([0, 1, -1]),
  list: [int(1), null, ['deep']],
  map: { key: { key: int(1) }, none: null },
  date: new Day(...DAY),
  time: new Time(...TIME, -12600),
  'local time': new LocalTime(...TIME),
  'local datetime': new LocalDateTime(...DAY, ...TIME),
  datetime: new DateTime(...DAY, ...TIME, -12600),
  // Of 1.7 and 4.4 it is the zone that counts; an offset beside it is left out.
  zoned: new DateTime(...DAY, ...TIME, major < 5 ? undefined : 3600, 'Europe/Stockholm'),
  duration: new Duration(14, -3, 5, 999999999),
  point: new Point(int(4326), 12.5, -7.25),
  'point 3d': new Point(int(9157), 1, 2, 3)
}
if (neo4j.vector) {
  VALUES.vector = neo4j.vector(Float32Array.from([1.5, -2]))
}

// One text for what is the same; an integer is not a float.
function text (value) {
  if (value === undefined) {
    return 'undefined'
  }
  if (neo4j.isInt(value)) {
    return `${value.toString()} (integer)`
  }
  if (value === null || typeof value !== 'object') {
    return typeof value === 'string' ? JSON.stringify(value) : String(value)
  }
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return `[${Array.from(value).map(text).join(', ')}]`
  }
  if (Object.values(neo4j.types).some(type => typeof type === 'function' && value instanceof type) && !(value instanceof Point)) {
    return value.toString()
  }
  return `{${Object.keys(value).sort().map(name => `${name}: ${text(value[name])}`).join(', ')}}`
}

function equal (value, expected) {
  if (text(value) !== text(expected)) {
    throw new Error(`${text(value).slice(0, 100)} (expected: ${text(expected).slice(0, 100)})`)
  }
}

function connect (scheme = 'bolt', word = password) {
  // Without the option 1.7 wants TLS.
  return neo4j.driver(`${scheme}://127.0.0.1:${port}`, neo4j.auth.basic('ada', word), { encrypted: false })
}

// The options of a session, which were arguments in 1.7.
function session (driver, { mode, bookmarks, database, fetchSize } = {}) {
  return major < 4
    ? driver.session(mode, bookmarks)
    : driver.session({ defaultAccessMode: mode || neo4j.session.WRITE, bookmarks, database, fetchSize })
}

const driver = connect()

async function using (options, work) {
  const opened = session(driver, options)
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

async function one (query, parameters) {
  return using({}, async opened => (await opened.run(query, parameters)).records[0])
}

function write (opened, work) {
  return opened.executeWrite ? opened.executeWrite(work) : opened.writeTransaction(work)
}

function read (opened, work) {
  return opened.executeRead ? opened.executeRead(work) : opened.readTransaction(work)
}

function isAda (node) {
  equal([node.identity, node.labels, node.properties], [int(1), ['Person'], { name: 'Ada' }])
}

async function fails (code, work) {
  try {
    await work()
  } catch (why) {
    equal(why.code, code)
    return why
  }
  throw new Error('it did not fail')
}

// The first row; then the result is stopped, which 1.7 cannot do: it reads what comes.
async function firstRow (opened, query) {
  const result = opened.run(query)
  if (result[Symbol.asyncIterator]) {
    for await (const row of result) {
      return row
    }
  }
  return new Promise((resolve, reject) => result.subscribe({ onNext: resolve, onError: reject, onCompleted: () => {} }))
}

const checks = {
  async connect () {
    if (major > 1) {
      await driver.verifyConnectivity()
    }
    console.log(`bolt ${(await one('peer')).get('version')}`)
  }
}
for (const name of Object.keys(VALUES)) {
  checks[`read ${name}`] = async () => equal((await one(`value ${name}`)).get('value'), VALUES[name])
  checks[`send ${name}`] = async () => equal((await one(`same ${name}`, { value: VALUES[name] })).get('same'), true)
}
Object.assign(checks, {
  node: async () => isAda((await one('value node')).get('value')),
  async relationship () {
    const found = (await one('value relationship')).get('value')
    equal([found.type, found.start, found.end, found.properties], ['KNOWS', int(1), int(2), { since: int(1999) }])
  },
  async path () {
    const found = (await one('value path')).get('value')
    isAda(found.start)
    equal(found.end.properties, { name: 'Bob' })
    equal(found.segments.map(each => each.relationship.start), [int(2)])
  },
  failure: () => using({}, async opened => {
    const why = await fails('Neo.ClientError.Statement.SyntaxError', () => opened.run('fail Neo.ClientError.Statement.SyntaxError'))
    equal(why.message, 'as the query says')
    equal((await opened.run('peer')).records[0].get('user'), 'ada')
  }),
  rows: () => using({ fetchSize: 100 }, async opened => {
    const numbers = (await opened.run('rows 2500')).records.map(row => row.get('n').toNumber())
    equal(numbers, Array.from({ length: 2500 }, (_, n) => n))
  }),
  stopped: () => using({ fetchSize: 10 }, async opened => {
    const first = await firstRow(opened, major < 4 ? 'rows 10000' : 'rows 1000000')
    equal(first.get('n'), int(0))
  }).then(async () => equal((await one('peer')).get('user'), 'ada')),
  'two results': () => using({ fetchSize: 10 }, async opened => {
    const transaction = opened.beginTransaction()
    const begun = major < 4 ? transaction : await transaction
    const both = await Promise.all([begun.run('rows 35'), begun.run('rows 45')])
    equal(both.map(result => result.records.length), [35, 45])
    await begun.commit()
  }),
  commit: () => using({}, async opened => {
    const transaction = await opened.beginTransaction()
    await transaction.run(`put ${key} commit`)
    await transaction.commit()
    equal((await one(`has ${key} commit`)).get('has'), true)
  }),
  rollback: () => using({}, async opened => {
    const transaction = await opened.beginTransaction()
    await transaction.run(`put ${key} rollback`)
    await transaction.rollback()
    equal((await one(`has ${key} rollback`)).get('has'), false)
  }),
  retry: () => using({}, async opened => {
    let tries = 0
    const value = await write(opened, async transaction => {
      tries++
      return (await transaction.run(`flaky ${key}`)).records[0].get('value')
    })
    equal([value, tries], [key, 2])
  }),
  bookmarks: () => using({}, async opened => {
    await write(opened, transaction => transaction.run(`put ${key} bookmark`))
    const marks = [].concat(opened.lastBookmarks ? opened.lastBookmarks() : opened.lastBookmark())
    equal(marks.map(mark => mark.slice(0, 6)), ['known:'])
    await using({ bookmarks: marks }, async after => equal((await after.run('peer')).records[0].get('bookmarks'), marks))
  }),
  options: () => using({ database: 'graph', mode: neo4j.session.READ }, async opened => {
    const row = (await opened.run('peer', {}, { metadata: { app: 'checks' }, timeout: 5000 })).records[0]
    equal([row.get('mode'), row.get('metadata')], ['r', { app: 'checks' }])
    equal(row.get('database'), major < 4 ? null : 'graph')
  }),
  summary: () => using({}, async opened => {
    const { summary } = await opened.run('wrote')
    const counters = summary.counters.updates ? summary.counters.updates().nodesCreated : summary.counters.nodesCreated()
    equal([summary.queryType || summary.statementType, counters], ['w', 2])
    equal(summary.notifications[0].code, 'Neo.ClientNotification.Statement.CartesianProduct')
  }),
  async routing () {
    const routed = connect(major < 4 ? 'bolt+routing' : 'neo4j')
    const opened = session(routed)
    try {
      equal((await read(opened, transaction => transaction.run('peer'))).records[0].get('mode'), 'r')
      equal((await write(opened, transaction => transaction.run('peer'))).records[0].get('mode'), 'w')
    } finally {
      await opened.close()
      await routed.close()
    }
  },
  async refused () {
    const wrong = connect('bolt', 'wrong')
    const opened = session(wrong)
    try {
      await fails('Neo.ClientError.Security.Unauthorized', () => opened.run('peer'))
    } finally {
      await opened.close()
      await wrong.close()
    }
  },
  close: async () => driver.close()
})

if (major === 4) {
  delete checks.stopped
}

async function main () {
  for (const [name, check] of Object.entries(checks)) {
    let timer
    const late = new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no end')), PATIENCE_MILLIS)
    })
    try {
      await Promise.race([check(), late])
      console.log(`ok ${name}`)
    } catch (why) {
      console.log(`failed ${name}: ${String(why).replace(/\s+/g, ' ').slice(0, 250)}`)
    } finally {
      clearTimeout(timer)
    }
  }
  if (!checks.stopped) {
    console.log('without stopped: it sends PULL after RESET')
  }
  process.exit(0)
}

main()
