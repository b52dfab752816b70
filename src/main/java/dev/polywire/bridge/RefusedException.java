package dev.polywire.bridge;

/** The bridge refuses a frame or an answer. */
final class RefusedException extends RuntimeException {

    private final Refusal refusal;

    /** @param detail for people; contains no part of a body */
    RefusedException(Refusal refusal, String detail) {
        super(detail, null, false, false);
        this.refusal = refusal;
    }

    Refusal refusal() {
        return refusal;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
