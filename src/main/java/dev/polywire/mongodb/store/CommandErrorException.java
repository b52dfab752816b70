package dev.polywire.mongodb.store;

/** A command, or one write of it, cannot be done: what the client is told. It has no stack, as clients cause it. */
public final class CommandErrorException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final MongoErrorCode code;

    CommandErrorException(MongoErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    public MongoErrorCode code() {
        return code;
    }
}
