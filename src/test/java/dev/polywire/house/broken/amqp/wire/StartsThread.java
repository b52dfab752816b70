package dev.polywire.house.broken.amqp.wire;

import dev.polywire.house.Breaks;
import java.util.Timer;
import java.util.concurrent.ExecutorService;

@Breaks("wire")
final class StartsThread {

    void thread() {
        new Thread(() -> {}).start();
    }

    void timer() {
        new Timer().cancel();
    }

    void pool(ExecutorService executor) {}

    ThreadLocal<String> local() {
        return ThreadLocal.withInitial(() -> "");
    }

    void monitor() throws InterruptedException {
        wait();
    }
}
