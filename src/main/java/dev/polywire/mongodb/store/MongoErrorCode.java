package dev.polywire.mongodb.store;

/** The errors that a small server has, with their numbers (error codes of the MongoDB manual). */
public enum MongoErrorCode {
    BAD_VALUE(2, "BadValue"),
    FAILED_TO_PARSE(9, "FailedToParse"),
    UNAUTHORIZED(13, "Unauthorized"),
    TYPE_MISMATCH(14, "TypeMismatch"),
    INVALID_LENGTH(16, "InvalidLength"),
    AUTHENTICATION_FAILED(18, "AuthenticationFailed"),
    ILLEGAL_OPERATION(20, "IllegalOperation"),
    NAMESPACE_NOT_FOUND(26, "NamespaceNotFound"),
    CURSOR_NOT_FOUND(43, "CursorNotFound"),
    NAMESPACE_EXISTS(48, "NamespaceExists"),
    MAX_TIME_EXPIRED(50, "MaxTimeMSExpired"),
    INVALID_ID_FIELD(53, "InvalidIdField"),
    COMMAND_NOT_FOUND(59, "CommandNotFound"),
    IMMUTABLE_FIELD(66, "ImmutableField"),
    INVALID_OPTIONS(72, "InvalidOptions"),
    INVALID_NAMESPACE(73, "InvalidNamespace"),
    /** A tailable cursor stood at a document that newer ones have pushed out. */
    CAPPED_POSITION_LOST(136, "CappedPositionLost"),
    /** Another getMore reads the cursor. */
    CURSOR_IN_USE(143, "CursorInUse"),
    EXCEEDED_MEMORY_LIMIT(146, "ExceededMemoryLimit"),
    /** The collection of a cursor was dropped. */
    QUERY_PLAN_KILLED(175, "QueryPlanKilled"),
    /** The cursor was killed while a getMore waited. */
    CURSOR_KILLED(237, "CursorKilled"),
    NOT_IMPLEMENTED(238, "NotImplemented"),
    UNSUPPORTED_OP_QUERY_COMMAND(352, "UnsupportedOpQueryCommand"),
    BSON_OBJECT_TOO_LARGE(10334, "BSONObjectTooLarge"),
    DUPLICATE_KEY(11000, "DuplicateKey"),
    /** A stage of an aggregation with another number of fields than one. */
    STAGE_FIELDS(40323, "Location40323"),
    /** A field that its command does not have. */
    UNKNOWN_FIELD(40415, "Location40415"),
    /** An OP_MSG without {@code $db}. */
    MISSING_DATABASE(40571, "Location40571"),
    /** A sleep that has its seconds twice. */
    SLEEP_SECONDS(51153, "Location51153"),
    /** Servers since 5.1 answer a legacy query of documents with it. */
    UNSUPPORTED_OP_QUERY(5739101, "Location5739101");

    private final int number;
    private final String codeName;

    MongoErrorCode(int number, String codeName) {
        this.number = number;
        this.codeName = codeName;
    }

    /** {@code code} of an answer. */
    public int number() {
        return number;
    }

    /** {@code codeName} of an answer. */
    public String codeName() {
        return codeName;
    }

    /** The exception with this code. @param message {@code errmsg} of the answer */
    public CommandErrorException with(String message) {
        return new CommandErrorException(this, message);
    }
}
