package dev.polywire.eventstore.session;

import dev.polywire.eventstore.wire.NakAction;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has become of the events that clients of groups were given. {@code given = acked + retried + parked + skipped + stopped +
 * lapsed}, and those that are unsettled. Many clients may share it; belongs to one context.
 */
public final class PersistentBooks {

    private long given;
    private long acked;
    private long retried;
    private long parked;
    private long skipped;
    private long stopped;
    private long lapsed;
    private long late;
    private long connected;

    void gave() {
        given++;
    }

    void said(Settlements.Word word, int events) {
        NakAction action = word.action();
        if (action == null) {
            acked += events;
            return;
        }
        switch (action) {
            case UNKNOWN, RETRY -> retried += events;
            case PARK -> parked += events;
            case SKIP -> skipped += events;
            case STOP -> stopped += events;
        }
    }

    void lapsed(int events) {
        lapsed += events;
    }

    void late() {
        late++;
    }

    void connected() {
        connected++;
    }

    /**
     * By their names: {@code given, acked, retried, parked, skipped, stopped}; {@code lapsed}, taken back by the server or given back to
     * it before they were settled; {@code lateSettlements}, of events that had lapsed, so that nothing was sent; {@code connected}, how
     * often a server has let a client in.
     */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("given", given);
        counts.put("acked", acked);
        counts.put("retried", retried);
        counts.put("parked", parked);
        counts.put("skipped", skipped);
        counts.put("stopped", stopped);
        counts.put("lapsed", lapsed);
        counts.put("lateSettlements", late);
        counts.put("connected", connected);
        return counts;
    }
}
