package AnsweringServer;

# A server in a process of its own, which answers as a test says, and remembers what it was asked: what blocks in the
# test does not block it.

use strict;
use warnings;

use HTTP::Tiny           ();
use Mojo::IOLoop         ();
use Mojo::JSON           ();
use Mojo::Server::Daemon ();

# $answer gets a request, a hash with method, target, headers and body, and a hash that is kept between requests; it
# gives status, body (bytes, or what becomes JSON), and headers.
sub new {
    my ( $class, $answer ) = @_;
    pipe my $reader, my $writer or die "no pipe: $!\n";
    my $pid = fork // die "cannot fork: $!\n";
    if ( !$pid ) {
        close $reader;
        _serve( $answer, $writer );
        exit;
    }
    close $writer;
    chomp( my $port = readline $reader );
    return bless { pid => $pid, owner => $$, port => $port }, $class;
}

# The URL of the API, which is at /api.
sub url {
    my ($self) = @_;
    return $self->place . '/api';
}

# The server's own address.
sub place {
    my ($self) = @_;
    return "http://127.0.0.1:$self->{port}";
}

# What was asked since the last time, in order; targets below the API begin there.
sub asked {
    my ($self) = @_;
    my $answer = HTTP::Tiny->new->get( $self->place . '/-asked' );
    return @{ Mojo::JSON::decode_json( $answer->{content} ) };
}

# Method, target and body of what was asked.
sub calls {
    my ($self) = @_;
    return map {
        join q{ },
          grep { length }
          @{$_}{qw(method target body)}
    } $self->asked;
}

sub _serve {
    my ( $answer, $writer ) = @_;
    my ( @asked, %memory );
    my $daemon = Mojo::Server::Daemon->new( listen => ['http://127.0.0.1'], silent => 1 );
    $daemon->max_requests(1_000_000);

    # Bodies are remembered as they come.
    $daemon->app->hook(
        after_build_tx => sub { my ($tx) = @_; $tx->req->content->auto_upgrade(0) } );
    $daemon->unsubscribe('request')->on(
        request => sub {
            my ( undef, $tx ) = @_;
            my $request = $tx->req;
            my %request = (
                method  => $request->method,
                target  => $request->url->path_query =~ s{\A/api}{}r,
                headers => $request->headers->to_hash,
                body    => $request->body,
            );
            my ( $status, $body, $headers );
            if ( $request{target} eq '/-asked' ) { ( $status, $body ) = ( 200, [ splice @asked ] ) }
            else {
                push @asked, \%request;
                ( $status, $body, $headers ) = $answer->( \%request, \%memory );
            }
            my $response = $tx->res->code($status);
            $response->headers->content_type('application/json') if ref $body;
            $response->headers->header( $_ => $headers->{$_} ) for keys %{ $headers // {} };
            $response->body( ref $body ? Mojo::JSON::encode_json($body) : $body // q{} );
            $tx->resume;
        }
    );
    $daemon->start;
    print {$writer} $daemon->ports->[0], "\n";
    close $writer;
    Mojo::IOLoop->start;
    return;
}

sub DESTROY {
    my ($self) = @_;
    return if $$ != $self->{owner};
    local ( $?, $!, $@ );
    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
    return;
}

1;
