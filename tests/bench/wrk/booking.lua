-- Bookings over keep-alive connections, each with a number of its own. From the environment: BENCH_KEY, BENCH_STARTS
-- (a file with one start a line, taken in turn), BENCH_FIRST (the first subscriber number).
local areas = {312, 773, 212, 213, 305, 404, 206, 702}
local threads = 0

function setup(thread)
  thread:set("area", areas[threads % #areas + 1])
  threads = threads + 1
end

function init(args)
  starts = {}
  for line in io.lines(os.getenv("BENCH_STARTS")) do starts[#starts + 1] = line end
  number = tonumber(os.getenv("BENCH_FIRST"))
  headers = {["X-API-Key"] = os.getenv("BENCH_KEY"), ["Content-Type"] = "application/json"}
  format = '{"phone": "+1%d%07d", "start": "%s", "skill": "Bench", "callId": "bench", ' ..
    '"callData": {"customerId": "A-77", "reason": "invoice"}, "firstName": "Ada", "lastName": "Byron"}'
end

function request()
  number = number + 1
  local body = string.format(format, area, number, starts[number % #starts + 1])
  return wrk.format("POST", "/api/v1/callbacks", headers, body)
end

function done(summary, latency)
  io.write(string.format(
    '\nBENCH {"requests": %d, "seconds": %f, "bad": %d, "p50_ms": %f, "p99_ms": %f, "max_ms": %f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
