package dev.polywire.eventstore.wire;

import org.jspecify.annotations.Nullable;

/**
 * What a persistent subscription is created with.
 *
 * @param startFrom number of the first event to give; below 0: those to come
 * @param messageTimeoutMilliseconds until an event that was not settled is given again; 0: never
 * @param recordStatistics whether the server measures latencies
 * @param liveBufferSize new events that the server holds
 * @param readBatchSize events that it reads at a time
 * @param bufferSize events read that it holds
 * @param maxRetryCount after so many, an event is parked
 * @param preferRoundRobin for servers that know no strategies
 * @param checkpointAfterTime in milliseconds
 * @param checkpointMaxCount after so many settled events there is a checkpoint
 * @param checkpointMinCount before so many there is none
 * @param subscriberMaxCount clients at the same time; 0: any number
 * @param namedConsumerStrategy {@code RoundRobin}, {@code DispatchToSingle}, {@code Pinned}, or since 20.6 {@code
 *     PinnedByCorrelation}; null or empty: by preferRoundRobin
 */
public record PersistentSubscriptionSettings(
        String subscriptionGroupName,
        String eventStreamId,
        boolean resolveLinkTos,
        long startFrom,
        int messageTimeoutMilliseconds,
        boolean recordStatistics,
        int liveBufferSize,
        int readBatchSize,
        int bufferSize,
        int maxRetryCount,
        boolean preferRoundRobin,
        int checkpointAfterTime,
        int checkpointMaxCount,
        int checkpointMinCount,
        int subscriberMaxCount,
        @Nullable String namedConsumerStrategy) {
    static PersistentSubscriptionSettings read(PayloadReader in) {
        Protobuf.PersistentSubscriptionSettings from = in.message(Protobuf.PersistentSubscriptionSettings.parser());
        return new PersistentSubscriptionSettings(
                in.text("subscription_group_name", from.getSubscriptionGroupNameBytes()),
                in.text("event_stream_id", from.getEventStreamIdBytes()),
                from.getResolveLinkTos(),
                from.getStartFrom(),
                from.getMessageTimeoutMilliseconds(),
                from.getRecordStatistics(),
                from.getLiveBufferSize(),
                from.getReadBatchSize(),
                from.getBufferSize(),
                from.getMaxRetryCount(),
                from.getPreferRoundRobin(),
                from.getCheckpointAfterTime(),
                from.getCheckpointMaxCount(),
                from.getCheckpointMinCount(),
                from.getSubscriberMaxCount(),
                in.text(
                        "named_consumer_strategy",
                        from.hasNamedConsumerStrategy(),
                        from.getNamedConsumerStrategyBytes()));
    }

    Protobuf.PersistentSubscriptionSettings.Builder write() {
        Protobuf.PersistentSubscriptionSettings.Builder to = Protobuf.PersistentSubscriptionSettings.newBuilder()
                .setSubscriptionGroupNameBytes(PayloadWriter.text("subscription_group_name", subscriptionGroupName))
                .setEventStreamIdBytes(PayloadWriter.text("event_stream_id", eventStreamId))
                .setResolveLinkTos(resolveLinkTos)
                .setStartFrom(startFrom)
                .setMessageTimeoutMilliseconds(messageTimeoutMilliseconds)
                .setRecordStatistics(recordStatistics)
                .setLiveBufferSize(liveBufferSize)
                .setReadBatchSize(readBatchSize)
                .setBufferSize(bufferSize)
                .setMaxRetryCount(maxRetryCount)
                .setPreferRoundRobin(preferRoundRobin)
                .setCheckpointAfterTime(checkpointAfterTime)
                .setCheckpointMaxCount(checkpointMaxCount)
                .setCheckpointMinCount(checkpointMinCount)
                .setSubscriberMaxCount(subscriberMaxCount);
        if (namedConsumerStrategy != null) {
            to.setNamedConsumerStrategyBytes(PayloadWriter.text("named_consumer_strategy", namedConsumerStrategy));
        }
        return to;
    }
}
