# Copyright The house's owners
# SPDX-License-Identifier: MIT
#
# Written by the generator from the API's documents, version 1.4: change those,
# not this file.

package House::Exceptions;

use 5.026;
use strict;
use warnings;

use House::Runtime::Exception;

=encoding utf8

=head1 NAME

House::Exceptions - what calls of this library die of

=head1 SYNOPSIS

    use Scalar::Util qw(blessed);

    my $answered = eval { $object->method; 1 };
    if ( !$answered ) {
        my $error = $@;
        die $error if !blessed $error || !$error->isa('House::NotFoundException');
        print 'it is gone: ', $error->message, "\n";
    }

=head1 DESCRIPTION

Each exception is an object. As text it is one printable line, which never holds a credential. Promises
are rejected with the same objects.

=head1 METHODS

=head2 message

What went wrong, in the server's words if it said.

=head2 status

The HTTP status, if an answer came.

=head2 code

The server's own word for it, where it has one beside the message: C<status>, C<code> or C<error> of its
answer.

=head2 method, path

The HTTP method of the request, and its path below the API's URL, without the query.

=head2 body

The body of the answer as text.

=head2 hint

What to check, where the library knows.

=head2 cause

What caused it, where that is another error.

=head2 throw

    House::NotFoundException->throw( 'no such thing', status => 404 );

Makes an exception and dies of it.

=head1 CLASSES

=cut

## no critic (ProhibitMultiplePackages) -- classes of one line each

=head2 House::HouseException

The base of all others.

=cut

package House::HouseException {
    use parent -norequire, 'House::Runtime::Exception';
}

=head2 House::IllegalInputException

The arguments are bad: refused here before a request was sent, or by the server (400).

=cut

package House::IllegalInputException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::NotAuthorizedException

The user name or password is wrong (401), or the user may not do this (403).

=cut

package House::NotAuthorizedException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::NotFoundException

The object to act upon does not exist (404).

=cut

package House::NotFoundException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::IllegalStateException

The state of the object forbids it (409, 412).

=cut

package House::IllegalStateException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::RequestRejectedException

The server refused the request for another reason (422 and the other 4XX).

=cut

package House::RequestRejectedException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::HouseServerException

The server failed (500).

=cut

package House::HouseServerException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::NoSuchMethodException

The server does not implement the operation (501).

=cut

package House::NoSuchMethodException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::HouseUnknownException

The server failed in another way (the other 5XX).

=cut

package House::HouseUnknownException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::ConnectionFailedException

No answer came: the connection was refused, cut, or never made.

=cut

package House::ConnectionFailedException {
    use parent -norequire, 'House::HouseException';
}

=head2 House::TimeoutException

No answer, or no event, came in time.

=cut

package House::TimeoutException {
    use parent -norequire, 'House::HouseException';
}

package House::Exceptions;

my %CLASSES = (
    400   => 'House::IllegalInputException',
    401   => 'House::NotAuthorizedException',
    403   => 'House::NotAuthorizedException',
    404   => 'House::NotFoundException',
    409   => 'House::IllegalStateException',
    412   => 'House::IllegalStateException',
    500   => 'House::HouseServerException',
    501   => 'House::NoSuchMethodException',
    '4XX' => 'House::RequestRejectedException',
    '5XX' => 'House::HouseUnknownException',
    other => 'House::HouseException',
);

# The exception that an answer means.
sub error_for_status {
    my ( $status, $message, %details ) = @_;
    my $class = $CLASSES{$status};
    $class //= $CLASSES{'5XX'} if $status >= 500;
    $class //= $CLASSES{ $status >= 400 ? '4XX' : 'other' };
    return $class->new( $message, %details, status => $status );
}

1;
