package dev.polywire.bolt.wire;

/** A point. From Bolt 2 on. Its {@code srid} names the coordinates: 7203, 9157 cartesian, 4326, 4979 WGS-84. */
public sealed interface Point extends BoltStructure {

    long srid();

    @Override
    default BoltVersion since() {
        return BoltVersion.V2;
    }

    /** {@code srid, x, y} */
    record Point2D(long srid, double x, double y) implements Point {

        public static final int TAG = 0x58;

        @Override
        public void write(PackStreamWriter out) {
            out.structure(3, TAG).integer(srid).floating(x).floating(y);
        }
    }

    /** {@code srid, x, y, z} */
    record Point3D(long srid, double x, double y, double z) implements Point {

        public static final int TAG = 0x59;

        @Override
        public void write(PackStreamWriter out) {
            out.structure(4, TAG).integer(srid).floating(x).floating(y).floating(z);
        }
    }
}
