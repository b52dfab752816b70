package dev.polywire.house.broken.mongodb.client;

import dev.polywire.house.Breaks;
import dev.polywire.house.broken.core.net.CallException.Reason;

@Breaks("outcomes")
public class DecidesOutcome {

    Reason lost(boolean sent) {
        return sent ? Reason.UNKNOWN_OUTCOME : Reason.TIMEOUT;
    }

    boolean isLost(Reason reason) {
        return reason == Reason.CONNECTION_LOST;
    }
}
