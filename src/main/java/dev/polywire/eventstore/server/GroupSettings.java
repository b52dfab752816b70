package dev.polywire.eventstore.server;

import dev.polywire.eventstore.wire.PersistentSubscriptionSettings;

/** What a group was created with, and what follows from it. */
record GroupSettings(PersistentSubscriptionSettings asked) {

    /** Between stream and group in a subscription's id. */
    private static final String SEPARATOR = "::";

    static String key(String stream, String group) {
        return stream + SEPARATOR + group;
    }

    String key() {
        return key(stream(), group());
    }

    String stream() {
        return asked.eventStreamId();
    }

    String group() {
        return asked.subscriptionGroupName();
    }

    boolean resolveLinks() {
        return asked.resolveLinkTos();
    }

    int bufferSize() {
        return asked.bufferSize();
    }

    int readBatchSize() {
        return asked.readBatchSize();
    }

    int maxRetryCount() {
        return asked.maxRetryCount();
    }

    /** Until an event is given again; 0: never; below 0: at the next second. */
    int timeoutMillis() {
        return asked.messageTimeoutMilliseconds();
    }

    /** With such a number the server makes a group that takes clients and gives them nothing. */
    boolean isBroken() {
        return asked.liveBufferSize() < 0;
    }

    /** Whether another client may connect. @param connected how many are */
    boolean admits(int connected) {
        return asked.subscriberMaxCount() == 0 || connected < asked.subscriberMaxCount();
    }

    String strategy() {
        String named = asked.namedConsumerStrategy();
        if (named == null || named.isEmpty()) {
            return asked.preferRoundRobin() ? "RoundRobin" : "DispatchToSingle";
        }
        return named;
    }

    /** As the server remembers it. */
    IndentedJson entry() {
        return new IndentedJson()
                .with("stream", stream())
                .with("group", group())
                .with("resolveLinkTos", resolveLinks())
                .with("extraStatistics", asked.recordStatistics())
                .with("messageTimeout", timeoutMillis())
                .with("startFrom", asked.startFrom())
                .with("liveBufferSize", asked.liveBufferSize())
                .with("historyBufferSize", bufferSize())
                .with("maxRetryCount", maxRetryCount())
                .with("readBatchSize", readBatchSize())
                .with("checkPointAfter", asked.checkpointAfterTime())
                .with("minCheckPointCount", asked.checkpointMinCount())
                .with("maxCheckPointCount", asked.checkpointMaxCount())
                .with("maxSubscriberCount", asked.subscriberMaxCount())
                .with("namedConsumerStrategy", strategy());
    }
}
