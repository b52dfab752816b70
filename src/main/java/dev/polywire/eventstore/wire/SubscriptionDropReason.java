package dev.polywire.eventstore.wire;

/** Why a subscription ended, or did not begin. In the order of their numbers, from 0. */
public enum SubscriptionDropReason {
    UNSUBSCRIBED,
    ACCESS_DENIED,
    NOT_FOUND,
    PERSISTENT_SUBSCRIPTION_DELETED,
    SUBSCRIBER_MAX_COUNT_REACHED
}
