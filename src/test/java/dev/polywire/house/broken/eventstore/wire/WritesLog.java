package dev.polywire.house.broken.eventstore.wire;

import dev.polywire.house.Breaks;
import java.util.logging.Logger;

@Breaks("wire")
final class WritesLog {

    Logger logger() {
        return Logger.getLogger("wire");
    }

    System.Logger systemLogger() {
        return System.getLogger("wire");
    }

    org.slf4j.Logger facade() {
        return null;
    }

    void standardOut() {
        System.out.println("wire");
    }

    void trace(Exception cause) {
        cause.printStackTrace();
    }
}
