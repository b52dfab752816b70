package dev.polywire.eventstore.wire;

import org.jspecify.annotations.Nullable;

/**
 * How many events a client asks for at a time. A server puts as many into an answer as were asked for, whatever their size; an answer over
 * the client's limit costs the connection. So the next pages are half as large, until answers are small again.
 */
public final class PageSize {

    /** What servers give at most. */
    public static final int MOST_EVENTS = 4_096;
    /** A page grows while answers take no more than this part of the limit. */
    private static final int GROWS_BELOW = 4;

    private final long limitBytes;
    private int mostEvents = MOST_EVENTS;

    /** @param limitBytes of an answer */
    public PageSize(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The same question, for no more events than are expected to fit. Its answer says where the next page begins. */
    public EventStoreMessage fitted(EventStoreMessage question) {
        return maxCount(question) > mostEvents ? of(question, mostEvents) : question;
    }

    /** The answer was over the limit. @return the question to ask instead; null: it was for one event, or no page */
    public @Nullable EventStoreMessage halved(EventStoreMessage question) {
        int asked = maxCount(question);
        if (asked < 2) {
            return null;
        }
        mostEvents = Math.min(mostEvents, asked / 2);
        return of(question, asked / 2);
    }

    /** There was an answer. */
    public void answered(EventStoreMessage question, long answerBytes) {
        if (maxCount(question) == mostEvents && answerBytes <= limitBytes / GROWS_BELOW) {
            mostEvents = Math.min(MOST_EVENTS, 2 * mostEvents);
        }
    }

    /** Whether it asks for several events. */
    public static boolean isDivisible(EventStoreMessage question) {
        return maxCount(question) > 1;
    }

    private static int maxCount(EventStoreMessage question) {
        if (question instanceof ReadMessage.ReadStreamEvents read) {
            return read.maxCount();
        }
        if (question instanceof ReadMessage.ReadAllEvents read) {
            return read.maxCount();
        }
        return question instanceof ReadMessage.FilteredReadAllEvents read ? read.maxCount() : 0;
    }

    private static EventStoreMessage of(EventStoreMessage question, int maxCount) {
        if (question instanceof ReadMessage.ReadStreamEvents read) {
            return new ReadMessage.ReadStreamEvents(
                    read.direction(),
                    read.eventStreamId(),
                    read.fromEventNumber(),
                    maxCount,
                    read.resolveLinkTos(),
                    read.requireLeader());
        }
        if (question instanceof ReadMessage.ReadAllEvents read) {
            return new ReadMessage.ReadAllEvents(
                    read.direction(), read.position(), maxCount, read.resolveLinkTos(), read.requireLeader());
        }
        return question instanceof ReadMessage.FilteredReadAllEvents read
                ? new ReadMessage.FilteredReadAllEvents(
                        read.direction(),
                        read.position(),
                        maxCount,
                        read.maxSearchWindow(),
                        read.resolveLinkTos(),
                        read.requireLeader(),
                        read.filter())
                : question;
    }
}
