package dev.polywire.core.bus;

/** A source whose protocol wants to hear what became of each item. */
public interface SettledSource extends StreamSource {

    /** @param item its number: the first item of the first page is 1 */
    void acknowledge(long item);

    /** @param requeue true: the protocol gives it again, as a new item; false: it was given for the last time */
    void reject(long item, boolean requeue);
}
