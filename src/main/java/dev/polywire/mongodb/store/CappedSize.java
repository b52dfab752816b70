package dev.polywire.mongodb.store;

/**
 * How much a capped collection holds: beyond it, its oldest documents go (manual, "Capped Collections").
 *
 * @param bytes of all its documents, from 1
 * @param documents 0: any number
 */
public record CappedSize(long bytes, long documents) {

    /** @throws CommandErrorException BAD_VALUE */
    public CappedSize {
        if (bytes < 1 || documents < 0) {
            throw MongoErrorCode.BAD_VALUE.with("size: " + bytes + ", max: " + documents + " (expected: >= 1, >= 0)");
        }
    }

    boolean isOver(long bytes, long documents) {
        return bytes > this.bytes || this.documents > 0 && documents > this.documents;
    }
}
