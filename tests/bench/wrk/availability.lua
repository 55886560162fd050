-- Availability questions over keep-alive connections. BENCH_PATH and BENCH_KEY come from the environment.
wrk.path = os.getenv("BENCH_PATH")
wrk.headers["X-API-Key"] = os.getenv("BENCH_KEY")

function done(summary, latency)
  io.write(string.format(
    '\nBENCH {"requests": %d, "seconds": %f, "bad": %d, "p50_ms": %f, "p99_ms": %f, "max_ms": %f}\n',
    summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3))
end
