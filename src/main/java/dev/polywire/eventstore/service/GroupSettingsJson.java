package dev.polywire.eventstore.service;

import dev.polywire.core.json.Fields;
import dev.polywire.eventstore.session.PersistentChanges;
import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;
import java.util.List;

/**
 * The settings of a persistent subscription, with their defaults.
 *
 * <pre>
 *   resolveLinkTos         true
 *   startFrom              -1          number of the first event to give; -1: those to come
 *   messageTimeoutMillis   30,000      until an event that was not settled is given again; 0: never
 *   recordStatistics       false       whether the server measures latencies
 *   liveBufferSize         500         new events that the server holds
 *   readBatchSize          20          events that it reads at a time, 1 to 4,096; less than bufferSize, since 20.10 says nothing else
 *   bufferSize             500         events read that it holds
 *   maxRetryCount          10          after so many, an event is parked
 *   checkpointAfterMillis  2,000       how often the server remembers how far it has come
 *   checkpointMaxCount     1,000       after so many settled events it does at once
 *   checkpointMinCount     10          before so many it does not
 *   subscriberMaxCount     0           clients at the same time; 0: any number
 *   strategy               RoundRobin  or DispatchToSingle, Pinned, since 20.6 PinnedByCorrelation
 * </pre>
 */
public final class GroupSettingsJson {

    private static final String ROUND_ROBIN = "RoundRobin";

    private GroupSettingsJson() {}

    /** Reads a whole object. */
    static PersistentSubscriptionSettings read(String streamId, String group, Fields json) {
        String strategy = json.word("strategy", ROUND_ROBIN, List.copyOf(PersistentChanges.STRATEGIES));
        PersistentSubscriptionSettings settings = new PersistentSubscriptionSettings(
                group,
                streamId,
                json.flag("resolveLinkTos", true),
                json.int64("startFrom", -1, -1, Long.MAX_VALUE),
                count(json, "messageTimeoutMillis", 30_000),
                json.flag("recordStatistics", false),
                count(json, "liveBufferSize", 500),
                json.int32("readBatchSize", 20, 1, 4_096),
                count(json, "bufferSize", 500),
                count(json, "maxRetryCount", 10),
                strategy.equals(ROUND_ROBIN),
                count(json, "checkpointAfterMillis", 2_000),
                count(json, "checkpointMaxCount", 1_000),
                count(json, "checkpointMinCount", 10),
                count(json, "subscriberMaxCount", 0),
                strategy);
        json.done();
        return settings;
    }

    private static int count(Fields json, String name, int fallback) {
        return json.int32(name, fallback, 0, Integer.MAX_VALUE);
    }
}
