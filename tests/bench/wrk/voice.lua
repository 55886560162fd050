-- The flat calls for voice over keep-alive connections, each with a number of its own. From the environment: BENCH_KEY,
-- BENCH_CALL (offer, or book: slot 1 of the offer of the call `bench`), BENCH_FIRST (the first subscriber number).
local areas = {312, 773, 212, 213, 305, 404, 206, 702}
local threads = 0

function setup(thread)
  thread:set("area", areas[threads % #areas + 1])
  threads = threads + 1
end

function init(args)
  number = tonumber(os.getenv("BENCH_FIRST"))
  headers = {["X-API-Key"] = os.getenv("BENCH_KEY"), ["Content-Type"] = "application/json"}
  offers = os.getenv("BENCH_CALL") == "offer"
end

function request()
  number = number + 1
  if offers then
    local query = string.format("skill=Bench&phone=%%2B1%d%07d&callId=bench-%d-%d", area, number, area, number)
    return wrk.format("GET", "/api/v1/ivr/offer?" .. query, headers)
  end
  local body = string.format('{"slot": 1, "phone": "+1%d%07d", "callId": "bench", "data_customerId": "A-77"}', area, number)
  return wrk.format("POST", "/api/v1/ivr/book", headers, body)
end

function done(summary, latency)
  io.write(string.format(
    '\nBENCH {"requests": %d, "seconds": %f, "bad": %d, "p50_ms": %f, "p99_ms": %f, "max_ms": %f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
