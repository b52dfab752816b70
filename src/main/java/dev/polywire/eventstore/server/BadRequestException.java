package dev.polywire.eventstore.server;

/** A request that a server cannot take from a client: it is answered with BadRequest, and the connection continues. */
final class BadRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** @param words what 5.0.11 writes behind its own text, mostly nothing */
    BadRequestException(String words) {
        super(words, null, false, false);
    }
}
