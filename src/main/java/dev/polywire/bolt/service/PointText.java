package dev.polywire.bolt.service;

import dev.polywire.bolt.wire.Point;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points as extended well-known text: {@code SRID=4326;POINT (12.3 45.6)}. */
final class PointText {

    private static final String NUMBER = "(" + FloatText.FORM + ")";
    private static final Pattern POINT =
            Pattern.compile("SRID=([0-9]{1,10});POINT ?(Z)? ?\\(" + NUMBER + " " + NUMBER + "(?: " + NUMBER + ")?\\)");

    private PointText() {}

    static String of(Point point) {
        if (point instanceof Point.Point3D solid) {
            return "SRID=" + solid.srid() + ";POINT Z (" + solid.x() + " " + solid.y() + " " + solid.z() + ")";
        }
        Point.Point2D flat = (Point.Point2D) point;
        return "SRID=" + flat.srid() + ";POINT (" + flat.x() + " " + flat.y() + ")";
    }

    /** @throws IllegalArgumentException when the text is not a point */
    static Point parse(String text) {
        Matcher point = POINT.matcher(text);
        if (!point.matches() || (point.group(2) == null) != (point.group(5) == null)) {
            throw new IllegalArgumentException(
                    "malformed (expected: SRID=4326;POINT (1.0 2.0), or SRID=4979;POINT Z (1.0 2.0 3.0))");
        }
        long srid = Long.parseLong(point.group(1));
        double x = FloatText.checked(point.group(3));
        double y = FloatText.checked(point.group(4));
        return point.group(5) == null
                ? new Point.Point2D(srid, x, y)
                : new Point.Point3D(srid, x, y, FloatText.checked(point.group(5)));
    }
}
