package dev.polywire.examples;

import dev.polywire.core.net.Spi;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** The README's example of who watches. */
// README
final class FailedCalls implements Spi {

    final Map<String, LongAdder> byOperation = new ConcurrentHashMap<>();

    @Override
    public Object queued(String protocol, String operation, Object request) {
        return protocol + " " + operation; // what the other words get
    }

    @Override
    public void answered(Object call, Throwable failure) {
        if (failure != null) {
            byOperation.computeIfAbsent((String) call, first -> new LongAdder()).increment();
        }
    }
}
// README
