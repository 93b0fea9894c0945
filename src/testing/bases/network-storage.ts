import { type Base, request } from './request.ts'

const SERVICE = { resource: 'services', namespace: 'shop', name: 'web' }

/** Services, network policies and volumes, and the events that tell about all of them. */
export const networkAndStorage: Readonly<Record<string, Base>> = {
  'service-create': request('A service inside the cluster is created', 'create', SERVICE, {
    requestObject: {
      kind: 'Service',
      apiVersion: 'v1',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        type: 'ClusterIP',
        selector: { app: 'web' },
        ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: 8080 }],
      },
    },
  }),
  'service-patch': request('The selector of a service is changed', 'patch', SERVICE, {
    requestObject: { spec: { selector: { app: 'web', track: 'stable' } } },
  }),
  'networkpolicy-delete': request('A network policy is deleted', 'delete', {
    resource: 'networkpolicies',
    namespace: 'shop',
    name: 'default-deny',
    group: 'networking.k8s.io',
  }),
  'persistentvolume-create': request(
    'A persistent volume is created',
    'create',
    { resource: 'persistentvolumes', name: 'archive' },
    {
      requestObject: {
        kind: 'PersistentVolume',
        apiVersion: 'v1',
        metadata: { name: 'archive' },
        spec: {
          capacity: { storage: '10Gi' },
          accessModes: ['ReadWriteOnce'],
          csi: { driver: 'csi.example.com', volumeHandle: 'archive-1' },
        },
      },
    },
  ),
  'persistentvolumeclaim-delete': request('A claim to a volume is deleted', 'delete', {
    resource: 'persistentvolumeclaims',
    namespace: 'shop',
    name: 'archive',
  }),
  'events-deletecollection': request('The events of a namespace are deleted', 'deletecollection', {
    resource: 'events',
    namespace: 'shop',
  }),
}
