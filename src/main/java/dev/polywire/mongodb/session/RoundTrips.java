package dev.polywire.mongodb.session;

/** How long a hello took: the least of the last ten (server monitoring specification, Measuring RTT). */
final class RoundTrips {

    private static final int MAX_SAMPLES = 10;
    private static final int LEAST_SAMPLES = 2;

    private final long[] micros = new long[MAX_SAMPLES];
    private long samples;

    /** @param micros from sending a hello to its answer, at least 0 */
    void add(long micros) {
        this.micros[(int) (samples++ % MAX_SAMPLES)] = Math.max(0, micros);
    }

    /** 0 until there are two: a single one says little. */
    long leastMicros() {
        if (samples < LEAST_SAMPLES) {
            return 0;
        }
        long least = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(samples, MAX_SAMPLES); i++) {
            least = Math.min(least, micros[i]);
        }
        return least;
    }

    /** The server is lost, or another one. */
    void reset() {
        samples = 0;
    }
}
